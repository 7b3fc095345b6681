// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import java.util.HashSet;
import java.util.Set;

/** What a test remembers of one slot, to know by itself what has to become of it. */
final class SlotBook {
    private final Set<ModelName> names = new HashSet<>();
    private KeepAlive keepAlive;
    private long usedUntil;

    /** A load of it took more memory than there was. */
    boolean exhausted;

    /** Memory was measured before a load gave some back that had been given up. */
    boolean freedUnseen;

    /** It has had its last effect. */
    boolean ended;

    SlotBook(ModelName name, KeepAlive keepAlive) {
        this.names.add(name);
        this.keepAlive = keepAlive;
    }

    /** A request has a lease of it. */
    void lent(QueuedRequest request) {
        names.add(request.model().name());
        request.keepAlive().ifPresent(said -> keepAlive = said);
    }

    void used(long now) {
        usedUntil = now;
    }

    /** Somebody wants the model of this name gone. */
    void expire(ModelName name, long now) {
        if (names.contains(name)) {
            keepAlive = KeepAlive.ofSeconds(0);
            usedUntil = now;
        }
    }

    boolean mayBeIdle(long now) {
        var length = keepAlive.duration();
        return length.isEmpty() || now < usedUntil + length.get().toNanos();
    }
}
