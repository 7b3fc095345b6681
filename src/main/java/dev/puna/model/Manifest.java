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
 * @param runner one of {@link Runners}, empty where the file names none
 * @param format of the weights, empty where the file names none
 */
public record Manifest(Layer config, List<Layer> layers, String runner, String format) {
    /** Copies the list. */
    public Manifest {
        requireNonNull(config, "config is null");
        layers = List.copyOf(layers);
        requireNonNull(runner, "runner is null");
        requireNonNull(format, "format is null");
    }

    /** A manifest that names no runner. */
    public Manifest(Layer config, List<Layer> layers) {
        this(config, layers, "", "");
    }

    /** The same model, for that runner. */
    public Manifest with(String newRunner, String newFormat) {
        return new Manifest(config, layers, newRunner, newFormat);
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

    /** The layers of the model itself, without those that only keep documents from removal. */
    public List<Layer> ownLayers() {
        return layers.stream()
                .filter(layer -> !MediaTypes.isDocument(layer.mediaType()))
                .toList();
    }

    /** Bytes of the model's own layers and the configuration, as the list of models shows them; saturates. */
    public long size() {
        return Stream.concat(ownLayers().stream(), Stream.of(config))
                .mapToLong(Layer::size)
                .reduce(0, Manifest::saturatedSum);
    }

    private static long saturatedSum(long a, long b) {
        var sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
