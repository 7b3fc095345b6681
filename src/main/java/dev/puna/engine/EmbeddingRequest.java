// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.List;

/**
 * Texts to embed.
 *
 * @param inputs one embedding each
 * @param truncate whether a text too long for the model is cut; otherwise it is an {@code InvalidRequest}
 */
public record EmbeddingRequest(List<String> inputs, boolean truncate) {

    public EmbeddingRequest {
        inputs = List.copyOf(inputs);
    }
}
