// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The answer of {@code /api/tokenize}.
 *
 * @param model the model as the client names it
 * @param tokens an id each, or an {@link Entry} if the pieces are wanted
 * @param totalDuration nanoseconds since the request came
 * @param loadDuration nanoseconds of them until the model was in memory
 */
public record TokensAnswer(
        String model,
        List<?> tokens,
        @JsonProperty("total_duration") long totalDuration,
        @JsonProperty("load_duration") long loadDuration) {
    public TokensAnswer {
        tokens = List.copyOf(tokens);
    }

    /**
     * A token.
     *
     * @param id its number
     * @param piece a text, or a list of bytes (0 to 255) where those are no whole characters
     */
    public record Entry(int id, Object piece) {}

    /**
     * The answer of {@code /api/detokenize}.
     *
     * @param model the model as the client names it
     * @param content the text; bytes that are no character are U+FFFD
     * @param totalDuration nanoseconds since the request came
     * @param loadDuration nanoseconds of them until the model was in memory
     */
    public record Content(
            String model,
            String content,
            @JsonProperty("total_duration") long totalDuration,
            @JsonProperty("load_duration") long loadDuration) {}

    /**
     * The answer of {@code /api/apply-template}.
     *
     * @param model the model as the client names it
     * @param prompt the conversation as it would go before the model
     */
    public record Prompt(String model, String prompt) {}
}
