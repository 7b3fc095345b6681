// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether the process of a model ran out of memory, of the system or of a GPU, as far as its last lines tell; and what to do then. */
final class OutOfMemory {
    /**
     * What libraries write when an allocation fails that they cannot do without. Sources: ggml-cuda.cu (CUDA, ROCm and MUSA: "out of
     * memory"), vulkan.hpp ("ErrorOutOfDeviceMemory"), ggml.c ("insufficient memory", also a JVM's word), ggml-alloc.c and
     * llama-context.cpp ("failed to allocate"), libstdc++ ("std::bad_alloc"), Java.
     */
    private static final List<String> WORDS = List.of(
            "out of memory",
            "outofdevicememory",
            "outofhostmemory",
            "outofmemoryerror",
            "insufficient memory",
            "failed to allocate",
            "unable to allocate",
            "cudamalloc failed",
            "alloc_failed",
            "std::bad_alloc");

    /** Memory that makes copies faster, and that backends do without. */
    private static final String OPTIONAL = "pinned";

    private OutOfMemory() {}

    /** The last line that says so. */
    static Optional<String> line(List<String> lastLines) {
        return lastLines.reversed().stream().filter(OutOfMemory::isTold).findFirst();
    }

    /** Whether a line says so. */
    static boolean isTold(String line) {
        var lower = line.toLowerCase(Locale.ROOT);
        return !lower.contains(OPTIONAL) && WORDS.stream().anyMatch(lower::contains);
    }

    /**
     * What else there is to know, to be read after the sentence.
     *
     * @param limit bytes that the process may have
     */
    static String advice(OptionalLong limit) {
        return limit.isEmpty()
                ? ""
                : "; the process of this model may have %s beside its weights (PUNA_RUNNER_MEMORY)"
                        .formatted(MemoryLimit.text(limit.getAsLong()));
    }
}
