// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What an answer took, in tokens.
 *
 * @param promptTokens of the prompt, cached ones among them
 * @param completionTokens of the answer
 * @param totalTokens of both
 * @param promptTokensDetails what of the prompt was there already. Source: addendum 4.1
 */
public record UsageObject(
        @JsonProperty("prompt_tokens") int promptTokens,
        @JsonProperty("completion_tokens") int completionTokens,
        @JsonProperty("total_tokens") int totalTokens,

        @JsonProperty("prompt_tokens_details") @JsonInclude(Include.NON_NULL) @Nullable
        Cached promptTokensDetails) {

    /**
     * What of a prompt was there already.
     *
     * @param cachedTokens tokens found in the cache
     */
    public record Cached(@JsonProperty("cached_tokens") int cachedTokens) {}

    /** Of an answer that has taken something. */
    public static UsageObject of(int prompt, int cached, int completion) {
        return new UsageObject(prompt, completion, prompt + completion, new Cached(cached));
    }

    /** That of nothing. */
    public static UsageObject none() {
        return new UsageObject(0, 0, 0, null);
    }
}
