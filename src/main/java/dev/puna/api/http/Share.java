// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.json.Room;

/**
 * What one request holds of the {@link MemoryBudget}, from before its body is read until its answer is out: for its body and what
 * is only there while that is read, or, once it has been read, for what is made of it; and for what stays through both.
 * <b>Threads:</b> the one that reads the request, then the one that makes the prompt; {@link #settle} and {@link #close} from any,
 * more than once.
 */
final class Share implements Room, AutoCloseable {
    private final MemoryBudget budget;

    // The budget's own, under its lock.
    volatile long bytes;
    long unsettled;
    boolean closed;

    // Written by one thread at a time.
    private volatile long staying;
    private volatile long borrowed;
    private volatile long planned;

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

    /** Bytes that the request fills, or will. */
    long needed() {
        return staying + Math.max(borrowed, planned);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void take(long more) {
        staying += more;
        grow();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void borrow(long more) {
        borrowed += more;
        grow();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void giveBack(long less) {
        borrowed -= less;
    }

    @Override
    public long borrowed() {
        return borrowed;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void plan(long more) {
        planned += more;
        grow();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void forgo(long less) {
        planned -= less;
    }

    @Override
    public long planned() {
        return planned;
    }

    private void grow() {
        var missing = needed() - bytes;
        if (missing > 0) {
            budget.grow(this, missing);
        }
    }

    /** Borrows room for a part of the body that nobody has announced. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void borrowUnread(long more) {
        borrowed += more;
        var missing = needed() - bytes;
        if (missing > 0) {
            budget.growUnread(this, missing);
        }
    }

    /** The request has been read, and its body is gone. */
    void settle() {
        borrowed = 0;
        budget.settle(this);
    }

    /**
     * What was to be made of the request has been made.
     *
     * @param left bytes of it, and of the request, that are still held
     */
    void keepOnly(long left) {
        staying = Math.min(left + BodyAdmission.OWN, needed());
        planned = 0;
        settle();
    }

    @Override
    public void close() {
        budget.close(this);
    }
}
