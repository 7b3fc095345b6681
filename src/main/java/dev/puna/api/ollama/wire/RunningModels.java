// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /api/ps}. Source: contract 1.8.
 *
 * @param models models in memory, the one that stays longest first
 */
public record RunningModels(List<Entry> models) {

    public RunningModels {
        models = List.copyOf(models);
    }

    /**
     * A model in memory.
     *
     * @param name its short name with the tag
     * @param model the same
     * @param size bytes it takes
     * @param digest of its manifest, hexadecimal
     * @param details what it is
     * @param expiresAt when it leaves memory unless it is used
     * @param sizeVram bytes of those on GPUs
     * @param contextLength tokens one conversation may hold
     */
    public record Entry(
            String name,
            String model,
            long size,
            String digest,
            Details details,
            @JsonProperty("expires_at") OffsetDateTime expiresAt,
            @JsonProperty("size_vram") long sizeVram,
            @JsonProperty("context_length") int contextLength) {}

    /**
     * What a model is.
     *
     * @param parentModel always empty here
     * @param format {@code gguf}
     * @param family architecture of the weights
     * @param families architectures of all files; null if unknown
     * @param parameterSize number of weights, {@code 134.52M}
     * @param quantizationLevel {@code Q4_K_M}
     */
    public record Details(
            @JsonProperty("parent_model") String parentModel,
            String format,
            String family,
            @Nullable List<String> families,
            @JsonProperty("parameter_size") String parameterSize,
            @JsonProperty("quantization_level") String quantizationLevel) {}
}
