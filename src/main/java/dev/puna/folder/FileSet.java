// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import static java.util.Objects.requireNonNull;

import dev.puna.model.ModelName;
import dev.puna.store.file.FileStamp;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one model.
 *
 * @param name of the model
 * @param weights every part in order, at least one
 * @param projector what turns images or sound into embeddings for it
 */
record FileSet(ModelName name, List<FileStamp> weights, Optional<FileStamp> projector) {
    FileSet {
        requireNonNull(name, "name is null");
        weights = List.copyOf(weights);
        requireNonNull(projector, "projector is null");
    }

    /** Whether every file is as it was when it was found. */
    boolean isUnchanged() {
        return Stream.concat(weights.stream(), projector.stream())
                .allMatch(file -> FileStamp.of(file.file()).equals(Optional.of(file)));
    }

    FileSet called(ModelName other) {
        return new FileSet(other, weights, projector);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileSet that
                && name.equals(that.name)
                && weights.equals(that.weights)
                && projector.equals(that.projector);
    }
}
