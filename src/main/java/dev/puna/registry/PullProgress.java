// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;

/** How far a {@link PullJob} is. */
public sealed interface PullProgress {

    /** What says no more than that it has begun. */
    enum Step implements PullProgress {
        /** The registry is asked what the model is made of. */
        PULLING_MANIFEST,
        /** Every blob has come, and is what its digest says. */
        VERIFYING,
        /** The model gets its name. */
        WRITING_MANIFEST,
        /** Blobs go that only the model of that name before has needed. */
        REMOVING_UNUSED,
        /** The model is in the store. */
        DONE
    }

    /**
     * A blob comes.
     *
     * @param totalBytes of the whole blob
     * @param doneBytes of these that are here
     */
    record Blob(Digest digest, long totalBytes, long doneBytes) implements PullProgress {
        public Blob {
            requireNonNull(digest, "digest is null");
        }
    }
}
