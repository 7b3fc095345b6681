// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import static java.util.Objects.requireNonNull;

import dev.puna.archive.BlobProgress;
import dev.puna.cli.store.VerifyCommand.Problem;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.store.ModelStore;
import dev.puna.store.Upkeep.BlobState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Checks blobs, each once, however many models share it. */
final class ModelCheck {
    private final ModelStore store;
    private final BlobProgress progress;
    private final Map<Digest, BlobState> known = new HashMap<>();

    ModelCheck(ModelStore store, BlobProgress progress) {
        this.store = requireNonNull(store, "store is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** What is wrong with a blob, if something is. */
    Optional<Problem> problem(Layer blob) {
        var state = known.computeIfAbsent(blob.digest(), digest -> store.upkeep()
                .check(digest, read -> progress.at(digest, Math.max(read, blob.size()), read)));
        return switch (state) {
            case GOOD -> Optional.empty();
            case DAMAGED -> Optional.of(new Problem.OfBlob(blob, text(blob, "damaged")));
            case MISSING -> Optional.of(new Problem.OfBlob(blob, text(blob, "missing")));
        };
    }

    private String text(Layer blob, String state) {
        return "%s: %s (%s)".formatted(state, store.path(blob.digest()), blob.mediaType());
    }
}
