// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.model.ModelName;

/**
 * The model that a request names.
 *
 * @param name as the client wrote it
 * @param runner which of several weights are wanted; empty for the best
 * @param missing what the client is told if there is no such model
 */
public record ModelReference(String name, String runner, MissingModel missing) {
    public ModelReference {
        requireNonNull(name, "name is null");
        requireNonNull(runner, "runner is null");
        requireNonNull(missing, "missing is null");
    }

    /**
     * The name with all its parts.
     *
     * @throws dev.puna.failure.Failure if there is none, or none that a model can have
     */
    public ModelName parsed() {
        if (name.isBlank()) {
            throw missing.unnamed(name);
        }
        return ModelName.parseReference(name);
    }
}
