// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.function.DoubleSupplier;

/** A load under way: how far it is, and the way to stop it. Any thread. */
public interface Loading {
    /** One that has not begun. */
    static Loading create() {
        return new CancellableLoading();
    }

    /** From 0 to 1. */
    double fraction();

    /** Takes the fraction from here from now on; asked from any thread. For whoever loads. */
    void follow(DoubleSupplier source);

    /** Asks the load to stop; it ends with {@code Cancelled} soon after. */
    void cancel();

    boolean cancelled();

    /** Runs an action when the load is cancelled, at once if it already is. For whoever loads. */
    void onCancel(Runnable action);
}
