// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The GGUF files that make up a model.
 *
 * @param weights the file of weights, or all parts of a split one in order
 * @param adapters LoRA adapters, which fit the model
 * @param projector with which the model sees or hears; empty for a model that only reads
 */
public record ModelFiles(List<Path> weights, List<Path> adapters, Optional<Path> projector) {
    public ModelFiles {
        weights = List.copyOf(weights);
        adapters = List.copyOf(adapters);
        requireNonNull(projector, "projector is null");
    }

    /** Every one of them, the weights first. */
    public List<Path> all() {
        return Stream.of(weights.stream(), adapters.stream(), projector.stream())
                .flatMap(files -> files)
                .toList();
    }
}
