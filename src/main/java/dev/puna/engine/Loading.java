// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

/** A load under way: how far it is, and the way to stop it. Any thread. */
public final class Loading {

    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile DoubleSupplier fraction = () -> 0;
    private volatile Runnable onCancel = () -> {};

    /** From 0 to 1. */
    public double fraction() {
        return fraction.getAsDouble();
    }

    public void advance(double newFraction) {
        fraction = () -> newFraction;
    }

    /** Takes the fraction from here from now on; asked from any thread. */
    public void follow(DoubleSupplier source) {
        fraction = source;
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
    public void onCancel(Runnable action) {
        onCancel = action;
        if (cancelled()) {
            action.run();
        }
    }
}
