// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a model is made of: its configuration and its layers, in the order of the file. Source: contract 3.3.
 *
 * @param config blob with the {@link ModelConfig}
 * @param layers weights, template, parameters and whatever else
 */
public record Manifest(Layer config, List<Layer> layers) {
    /** Copies the list. */
    public Manifest {
        requireNonNull(config, "config is null");
        layers = List.copyOf(layers);
    }

    /** The layers of one role, in order. */
    public List<Layer> layers(String mediaType) {
        return layers.stream()
                .filter(layer -> layer.mediaType().equals(mediaType))
                .toList();
    }

    /** Every blob this manifest needs: its layers, then its configuration. */
    public Stream<Layer> blobs() {
        return Stream.concat(layers.stream(), Stream.of(config));
    }

    /** Bytes of all layers and the configuration, as the list of models shows them; saturates. */
    public long size() {
        return blobs().mapToLong(Layer::size).reduce(0, Manifest::saturatedSum);
    }

    private static long saturatedSum(long a, long b) {
        var sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
