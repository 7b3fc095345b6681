// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

/**
 * The answer of the old {@code /api/embeddings}. Source: contract 1.7.
 *
 * @param embedding the numbers of the model, widened to 64 bits
 */
public record EmbeddingsResponse(double[] embedding) {}
