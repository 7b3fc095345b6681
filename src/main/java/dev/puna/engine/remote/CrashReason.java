// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Why the process of a model has ended, in a sentence for who waits for an answer. */
final class CrashReason {
    private static final int LONGEST_LINE = 300;

    /** As Ollama begins it. Source: contract 1.3. */
    private static final String BEGINNING =
            "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, "
                    + "check ollama server logs for details: ";

    /** How the program begins the sentence with which it refuses to start. */
    private static final String OWN_SENTENCE = "Error: ";

    /** What llama.cpp writes when it gives up; what follows it are addresses. */
    private static final List<String> TELLING = List.of("GGML_ASSERT", "GGML_ABORT", "error", "failed", "terminate");

    private CrashReason() {}

    /**
     * What the calls of an ended process fail with: {@link InsufficientMemory} if that is what it wrote last.
     *
     * @param name of the model
     * @param complaint what this side has to say; empty for nothing
     * @param end absent if it has not ended
     * @param limit bytes of memory that it might have
     */
    static Failure of(String name, String complaint, Runner.@Nullable End end, OptionalLong limit) {
        if (!complaint.isEmpty()) {
            return new NativeFailure(BEGINNING + "the process of '" + name + "' was ended: " + complaint);
        }
        if (end == null) {
            return new NativeFailure(BEGINNING + "the process of '" + name + "' has closed its connection");
        }
        var last = end.lastLines().isEmpty() ? "" : end.lastLines().getLast();
        if (last.startsWith(OWN_SENTENCE)) {
            return new NativeFailure(last.substring(OWN_SENTENCE.length()));
        }
        var lack = OutOfMemory.line(end.lastLines());
        if (lack.isPresent()) {
            return new InsufficientMemory(BEGINNING + "the process of '" + name + "' ran out of memory and ended with "
                    + end.reason() + ": " + shortened(lack.get()) + OutOfMemory.advice(limit));
        }
        var line = tellingLine(end.lastLines());
        return new NativeFailure(BEGINNING + "the process of '" + name + "' ended with " + end.reason()
                + (line.isEmpty() ? "" : ": " + line));
    }

    private static String tellingLine(List<String> lines) {
        var found = lines.reversed().stream()
                .filter(line -> TELLING.stream().anyMatch(line::contains))
                .findFirst()
                .orElse("");
        return shortened(found);
    }

    private static String shortened(String line) {
        return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
    }
}
