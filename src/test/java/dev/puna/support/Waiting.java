// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Bounded waits for what another thread does. */
public final class Waiting {
    private static final long PAUSE_MILLIS = 2;

    private Waiting() {}

    /** Comes back when the condition holds, which is asked every few milliseconds; fails when it does not in the longest time. */
    public static void until(Duration longest, BooleanSupplier condition) {
        var deadline = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within %s", longest).isLessThan(deadline);
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
    }
}
