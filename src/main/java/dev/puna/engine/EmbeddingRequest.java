// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.List;

/**
 * Texts to embed.
 *
 * @param inputs one embedding each
 * @param truncate whether a text too long for the model is cut; otherwise it is an {@code InvalidRequest}
 * @param most tokens that a text too long for the model's context is cut to, if fewer than that holds
 */
public record EmbeddingRequest(List<String> inputs, boolean truncate, int most) {

    public EmbeddingRequest {
        inputs = List.copyOf(inputs);
    }

    /** With texts cut to no less than the context. */
    public EmbeddingRequest(List<String> inputs, boolean truncate) {
        this(inputs, truncate, Integer.MAX_VALUE);
    }
}
