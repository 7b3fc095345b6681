// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.List;

/**
 * Embeddings in the order of their inputs.
 *
 * @param embeddings {@code float[n_embd]} each, of length 1 (L2-normalised); the arrays are the receiver's
 * @param promptTokens tokens of all inputs together
 */
public record EmbeddingResult(List<float[]> embeddings, int promptTokens) {

    public EmbeddingResult {
        embeddings = List.copyOf(embeddings);
    }
}
