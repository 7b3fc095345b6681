// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.util.Objects.requireNonNull;

import dev.puna.model.Layer;

/**
 * A layer whose blob is in the store.
 *
 * @param layer the layer
 * @param existed whether the blob was there before
 */
public record WrittenLayer(Layer layer, boolean existed) {
    /** Refuses null. */
    public WrittenLayer {
        requireNonNull(layer, "layer is null");
    }

    /** What create tells its caller about this layer. Source: contract 3.2, step 7. */
    public String status() {
        return (existed ? "using existing layer " : "creating new layer ")
                + layer.digest().text();
    }
}
