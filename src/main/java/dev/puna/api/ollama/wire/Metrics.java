// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What an answer took, as part of its last chunk; what is zero is left out. Source: contract 1.3.
 *
 * @param totalDuration nanoseconds from the request's first byte read to its last written
 * @param loadDuration nanoseconds of that until the model was ready
 * @param promptEvalCount tokens of the prompt, cached ones among them
 * @param promptEvalCachedCount how many of those were found in the cache; told even when it is zero. Source: addendum 3.2
 * @param promptEvalDuration nanoseconds to the first token
 * @param evalCount tokens of the answer
 * @param evalDuration nanoseconds from the first token to the last
 */
public record Metrics(
        @JsonProperty("total_duration") @JsonInclude(Include.NON_DEFAULT)
        long totalDuration,

        @JsonProperty("load_duration") @JsonInclude(Include.NON_DEFAULT)
        long loadDuration,

        @JsonProperty("prompt_eval_count") @JsonInclude(Include.NON_DEFAULT)
        int promptEvalCount,

        @JsonProperty("prompt_eval_cached_count") int promptEvalCachedCount,

        @JsonProperty("prompt_eval_duration") @JsonInclude(Include.NON_DEFAULT)
        long promptEvalDuration,

        @JsonProperty("eval_count") @JsonInclude(Include.NON_DEFAULT)
        int evalCount,

        @JsonProperty("eval_duration") @JsonInclude(Include.NON_DEFAULT)
        long evalDuration) {}
