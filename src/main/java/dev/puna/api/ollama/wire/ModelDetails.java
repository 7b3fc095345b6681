// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is. Source: contract 1.8.
 *
 * @param parentModel the model it was made from, empty if none
 * @param format {@code gguf}
 * @param family architecture of the weights
 * @param families architectures of all files; null if unknown
 * @param parameterSize number of weights, {@code 134.52M}
 * @param quantizationLevel {@code Q4_K_M}
 * @param contextLength tokens it was trained for; null where it is not told
 * @param embeddingLength width of the model; null where it is not told
 * @param runner what can run it; empty where it is not told
 */
public record ModelDetails(
        @JsonProperty("parent_model") String parentModel,
        String format,
        String family,
        @Nullable List<String> families,
        @JsonProperty("parameter_size") String parameterSize,
        @JsonProperty("quantization_level") String quantizationLevel,

        @JsonProperty("context_length") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Long contextLength,

        @JsonProperty("embedding_length") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Long embeddingLength,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) String runner) {
    public ModelDetails {
        families = families == null ? null : List.copyOf(families);
    }
}
