// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An embedding. Source: contract 1.11.
 *
 * @param object {@code embedding}
 * @param embedding {@code float[]}, or {@code byte[]} of the same in little-endian order, which is written as base64
 * @param index position of its text among the inputs, from 0
 */
public record EmbeddingObject(String object, Object embedding, int index) {

    /** The embedding of a text. */
    public static EmbeddingObject of(Object embedding, int index) {
        return new EmbeddingObject("embedding", embedding, index);
    }

    /**
     * The answer of {@code /v1/embeddings}.
     *
     * @param object {@code list}
     * @param data one for each text, in order
     * @param model the model's name as the client sent it
     * @param usage tokens of all texts
     */
    public record Listing(String object, List<EmbeddingObject> data, String model, Usage usage) {
        public Listing {
            data = List.copyOf(data);
        }
    }

    /**
     * Tokens of all texts.
     *
     * @param promptTokens of the texts
     * @param totalTokens the same
     */
    public record Usage(
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("total_tokens") int totalTokens) {}
}
