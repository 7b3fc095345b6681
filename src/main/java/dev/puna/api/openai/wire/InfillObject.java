// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An answer of {@code /infill}, or a piece of one, as llama.cpp's server writes them.
 *
 * @param index 0
 * @param content what is new
 * @param stop whether this is the end
 * @param model the model as the client names it; only at the end, as all that follows
 * @param stopType {@code eos} or {@code limit}
 * @param truncated whether some of the text around the gap was left out
 * @param tokensPredicted of the answer
 * @param tokensEvaluated of the prompt
 * @param tokensCached of the prompt that were in the cache
 * @param timings how long it took
 */
public record InfillObject(
        int index,
        String content,
        boolean stop,
        @JsonInclude(Include.NON_NULL) @Nullable String model,

        @JsonProperty("stop_type") @JsonInclude(Include.NON_NULL) @Nullable
        String stopType,

        @JsonInclude(Include.NON_NULL) @Nullable Boolean truncated,

        @JsonProperty("tokens_predicted") @JsonInclude(Include.NON_NULL) @Nullable
        Integer tokensPredicted,

        @JsonProperty("tokens_evaluated") @JsonInclude(Include.NON_NULL) @Nullable
        Integer tokensEvaluated,

        @JsonProperty("tokens_cached") @JsonInclude(Include.NON_NULL) @Nullable
        Integer tokensCached,

        @JsonInclude(Include.NON_NULL) @Nullable TimingsObject timings) {

    /** A piece that is not the last. */
    public static InfillObject piece(String content) {
        return new InfillObject(0, content, false, null, null, null, null, null, null, null);
    }
}
