// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.model.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Keeps blobs from being deleted by this process until it is closed. <b>Threads:</b> one. */
public final class BlobHold implements AutoCloseable {
    private final StoreGuard guard;
    private final List<Digest> held = new ArrayList<>();

    BlobHold(StoreGuard guard, Collection<Digest> digests) {
        this.guard = guard;
        add(digests);
    }

    /** Holds these too. */
    public void add(Collection<Digest> digests) {
        guard.hold(digests);
        held.addAll(digests);
    }

    /** Lets go of some, each as often as it is named here. */
    void letGo(Collection<Digest> digests) {
        for (var digest : digests) {
            if (held.remove(digest)) {
                guard.release(List.of(digest));
            }
        }
    }

    /** Lets go; a second call does nothing. */
    @Override
    public void close() {
        guard.release(held);
        held.clear();
    }
}
