// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import dev.puna.model.AdapterScales;
import java.util.List;

/**
 * Texts to embed.
 *
 * @param inputs one embedding each
 * @param truncate whether a text too long for the model is cut; otherwise it is an {@code InvalidRequest}
 * @param most tokens that a text too long for the model's context is cut to, if fewer than that holds
 * @param adapters which of the model's adapters count, and how much
 */
public record EmbeddingRequest(List<String> inputs, boolean truncate, int most, AdapterScales adapters) {

    public EmbeddingRequest {
        inputs = List.copyOf(inputs);
        requireNonNull(adapters, "adapters is null");
    }

    /** With all adapters of the model. */
    public EmbeddingRequest(List<String> inputs, boolean truncate, int most) {
        this(inputs, truncate, most, AdapterScales.ALL);
    }

    /** The same, with texts cut to no less than the context. */
    public EmbeddingRequest(List<String> inputs, boolean truncate) {
        this(inputs, truncate, Integer.MAX_VALUE);
    }
}
