// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How weights are written anew.
 *
 * @param fileType the number that {@code general.file_type} gets
 * @param details the rest, in the lines that {@code puna_quantize} of the shim reads; empty for nothing
 * @param importance the file of the importance matrix, if there is one
 */
public record WeightPlan(int fileType, String details, Optional<Path> importance) {
    public WeightPlan {
        requireNonNull(details, "details is null");
        requireNonNull(importance, "importance is null");
    }

    /** A type and nothing else. */
    public static WeightPlan of(int fileType) {
        return new WeightPlan(fileType, "", Optional.empty());
    }
}
