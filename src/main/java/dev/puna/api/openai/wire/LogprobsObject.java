// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * How likely the tokens of an answer were.
 *
 * @param content one for each token
 */
public record LogprobsObject(List<Token> content) {
    public LogprobsObject {
        content = List.copyOf(content);
    }

    /**
     * How likely a token was.
     *
     * @param token its text
     * @param logprob natural logarithm of its probability
     * @param bytes its text as bytes
     * @param topLogprobs the likeliest tokens in its place, without such lists of their own
     */
    public record Token(
            String token,
            double logprob,
            @JsonInclude(Include.NON_EMPTY) List<Integer> bytes,

            @JsonProperty("top_logprobs") @JsonInclude(Include.NON_EMPTY)
            List<Token> topLogprobs) {
        public Token {
            bytes = List.copyOf(bytes);
            topLogprobs = List.copyOf(topLogprobs);
        }
    }
}
