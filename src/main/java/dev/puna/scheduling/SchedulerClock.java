// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import java.time.Instant;

/** Time, and at most one moment to be woken at. Tests bring one that moves when told. */
interface SchedulerClock extends AutoCloseable {

    /** A clock that only goes forward, in nanoseconds from an arbitrary start. */
    long nanos();

    /** The time of day. */
    Instant now();

    /** Runs an action once when {@link #nanos()} reaches a moment, or at once if it is past; replaces what was set before. */
    void wakeAt(long nanos, Runnable action);

    /** Cancels the alarm. */
    void sleep();

    @Override
    void close();
}
