// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.json.Room;

/**
 * What one request holds of the {@link MemoryBudget}, from before its body is read until its answer is out. <b>Threads:</b>
 * {@link #take} from the one that reads the request; {@link #settle} and {@link #close} from any, more than once.
 */
final class Share implements Room, AutoCloseable {
    private final MemoryBudget budget;

    // The budget's own, under its lock.
    volatile long bytes;
    long unsettled;
    boolean closed;

    /** Bytes that the request has filled so far; written by the reading thread. */
    volatile long used;

    Share(MemoryBudget budget, long bytes) {
        this.budget = budget;
        this.bytes = bytes;
        this.unsettled = bytes;
    }

    /** Under the budget's lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void hold(long more) {
        bytes += more;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    public void take(long more) {
        used += more;
        if (used > bytes) {
            budget.grow(this, used - bytes);
        }
    }

    /** Room for a part of the body that nobody has announced. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void takeUnread(long more) {
        used += more;
        if (used > bytes) {
            budget.growUnread(this, used - bytes);
        }
    }

    /** The request has been read, and objects made of it. */
    void settle() {
        budget.settle(this);
    }

    @Override
    public void close() {
        budget.close(this);
    }
}
