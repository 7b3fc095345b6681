// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The answer of {@code /api/embed}. Source: contract 1.6.
 *
 * @param model the model's name as the client sent it
 * @param embeddings one for each input, in order
 * @param totalDuration nanoseconds from the request's first byte read to its last written
 * @param loadDuration nanoseconds of that until the model was ready
 * @param promptEvalCount tokens of all inputs
 */
public record EmbedResponse(
        String model,
        List<float[]> embeddings,

        @JsonProperty("total_duration") @JsonInclude(Include.NON_DEFAULT)
        long totalDuration,

        @JsonProperty("load_duration") @JsonInclude(Include.NON_DEFAULT)
        long loadDuration,

        @JsonProperty("prompt_eval_count") @JsonInclude(Include.NON_DEFAULT)
        int promptEvalCount) {

    public EmbedResponse {
        embeddings = List.copyOf(embeddings);
    }
}
