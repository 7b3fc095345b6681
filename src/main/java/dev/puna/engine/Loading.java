// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.concurrent.atomic.AtomicBoolean;

/** A load under way: how far it is, and the way to stop it. Any thread. */
public final class Loading {

    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile double fraction;
    private volatile Runnable onCancel = () -> {};

    /** From 0 to 1. */
    public double fraction() {
        return fraction;
    }

    public void advance(double newFraction) {
        fraction = newFraction;
    }

    /** Asks the load to stop; it ends with {@code Cancelled} soon after. */
    public void cancel() {
        cancelled.set(true);
        onCancel.run();
    }

    public boolean cancelled() {
        return cancelled.get();
    }

    /** Runs an action when the load is cancelled, at once if it already is. */
    void onCancel(Runnable action) {
        onCancel = action;
        if (cancelled()) {
            action.run();
        }
    }
}
