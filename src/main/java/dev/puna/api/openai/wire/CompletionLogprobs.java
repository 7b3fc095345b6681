// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How likely the tokens of a text were: four lists, in which the same place is the same token. Source: OpenAI's API reference, "Create
 * completion".
 *
 * @param tokens their texts
 * @param tokenLogprobs natural logarithms of their probabilities
 * @param topLogprobs the likeliest texts in the place of each, with theirs; nothing unless asked for
 * @param textOffset characters (code points) of the answer's text before each
 */
public record CompletionLogprobs(
        List<String> tokens,
        @JsonProperty("token_logprobs") List<Double> tokenLogprobs,
        @JsonProperty("top_logprobs") @Nullable List<Map<String, Double>> topLogprobs,
        @JsonProperty("text_offset") List<Integer> textOffset) {
    public CompletionLogprobs {
        tokens = List.copyOf(tokens);
        tokenLogprobs = List.copyOf(tokenLogprobs);
        topLogprobs = topLogprobs == null ? null : List.copyOf(topLogprobs);
        textOffset = List.copyOf(textOffset);
    }
}
