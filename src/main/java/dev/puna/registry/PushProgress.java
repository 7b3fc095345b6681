// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;

/** How far a {@link PushJob} is. */
public sealed interface PushProgress {

    /** What says no more than that it has begun. */
    enum Step implements PushProgress {
        /** The store is asked what the model is made of. */
        RETRIEVING_MANIFEST,
        /** The store has no such model. */
        NO_MANIFEST,
        /** Every blob is there; the model gets its name. */
        PUSHING_MANIFEST,
        /** The model is at the registry. */
        DONE
    }

    /**
     * A blob goes.
     *
     * @param totalBytes of the whole blob
     * @param doneBytes of these that are at the registry, or have left
     */
    record Blob(Digest digest, long totalBytes, long doneBytes) implements PushProgress {
        public Blob {
            requireNonNull(digest, "digest is null");
        }
    }
}
