// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.failure.NativeFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The only backend to compute with beside the CPU, by Ollama's names for them: {@code cpu} for none, {@code cuda},
 * {@code cuda_v12}, {@code cuda_v13}, {@code rocm}, {@code vulkan}, {@code metal}. Others are not even opened.
 *
 * @param plugin what the shim is told, empty for any backend
 * @param smallBatches whether on the CPU products of a few rows are computed row by row instead of as long prompts are; empty: on
 *     processors that gain by it
 */
public record BackendChoice(String plugin, Optional<Boolean> smallBatches) {
    /** Whatever there is. */
    public static final BackendChoice ANY = new BackendChoice("", Optional.empty());

    private static final String CPU = "cpu";
    private static final String FALLBACK = "fallback/";

    /** What a setting asks for; variants of the CPU's backend ("cpu_avx2") are chosen by what the processor can do. */
    public static BackendChoice of(Optional<String> library, Optional<Boolean> smallBatches) {
        var plugin = library.map(name -> name.toLowerCase(Locale.ROOT))
                .map(name -> name.startsWith(CPU) ? CPU : name.startsWith("rocm") ? "hip" : name)
                .orElse("");
        return new BackendChoice(plugin, smallBatches);
    }

    /** Fails, with what there is, if no plugin is the one that was chosen. */
    void require(List<BackendPlugin> plugins, Path folder) {
        var others = plugins.stream().filter(plugin -> !plugin.onCpu()).toList();
        if (!plugin.isEmpty() && !plugin.equals(CPU) && others.stream().noneMatch(this::is)) {
            var there = new ArrayList<>(List.of(CPU));
            others.stream().map(BackendChoice::nameOf).forEach(there::add);
            throw NativeFailure.of(
                    "compute with the library",
                    plugin.equals("hip") ? "rocm" : plugin,
                    folder + " has " + String.join(", ", there),
                    "set PUNA_LLM_LIBRARY to one of these, or unset it");
        }
    }

    private boolean is(BackendPlugin candidate) {
        var name = nameOf(candidate);
        return name.equals(plugin) || name.startsWith(plugin + "_v") || (plugin.equals("hip") && name.equals("rocm"));
    }

    private static String nameOf(BackendPlugin plugin) {
        var file = plugin.file();
        var kind = file.substring(file.indexOf("libggml-") + "libggml-".length(), file.lastIndexOf('.'));
        return switch (kind) {
            case "cuda" -> file.startsWith(FALLBACK) ? "cuda_v12" : "cuda_v13";
            case "hip" -> "rocm";
            default -> kind;
        };
    }
}
