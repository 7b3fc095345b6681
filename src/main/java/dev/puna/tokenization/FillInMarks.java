// SPDX-License-Identifier: Apache-2.0
package dev.puna.tokenization;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/**
 * The tokens by which a model is told what to fill in.
 *
 * @param prefix comes before what stands in front of the gap
 * @param suffix before what stands behind it
 * @param middle before what fills it
 * @param repository before the name of a repository, if there is one
 * @param file before the name of a file, if there is one
 */
public record FillInMarks(int prefix, int suffix, int middle, OptionalInt repository, OptionalInt file) {
    public FillInMarks {
        requireNonNull(repository, "repository is null");
        requireNonNull(file, "file is null");
    }
}
