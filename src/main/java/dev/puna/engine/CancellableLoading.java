// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

/** A load that one thread starts and another may cancel. Any thread. */
final class CancellableLoading implements Loading {
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile DoubleSupplier fraction = () -> 0;
    private volatile Runnable onCancel = () -> {};

    @Override
    public double fraction() {
        return fraction.getAsDouble();
    }

    @Override
    public void follow(DoubleSupplier source) {
        fraction = source;
    }

    @Override
    public void cancel() {
        cancelled.set(true);
        onCancel.run();
    }

    @Override
    public boolean cancelled() {
        return cancelled.get();
    }

    @Override
    public void onCancel(Runnable action) {
        onCancel = action;
        if (cancelled()) {
            action.run();
        }
    }
}
