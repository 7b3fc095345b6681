// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Time that stands still until a test moves it. */
final class FakeClock implements SchedulerClock {
    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private long nanos;
    private Duration clockIsAhead = Duration.ZERO;
    private Optional<Runnable> alarm = Optional.empty();
    private long alarmAt;

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return START.plus(clockIsAhead).plusNanos(nanos);
    }

    @Override
    public synchronized void wakeAt(long at, Runnable action) {
        alarmAt = at;
        alarm = Optional.of(action);
    }

    @Override
    public synchronized void sleep() {
        alarm = Optional.empty();
    }

    @Override
    public void close() {
        sleep();
    }

    /** Whether somebody wants to be woken. */
    synchronized boolean armed() {
        return alarm.isPresent();
    }

    /** Sets the clock, by which no time passes. */
    synchronized void setClockAhead(Duration difference) {
        clockIsAhead = difference;
    }

    /** Lets time pass, and runs what becomes due on the way, at its own time. */
    void pass(Duration duration) {
        var end = nanos() + duration.toNanos();
        for (var due = due(end); due.isPresent(); due = due(end)) {
            due.get().run();
        }
        synchronized (this) {
            nanos = end;
        }
    }

    private synchronized Optional<Runnable> due(long end) {
        if (alarm.isEmpty() || alarmAt > end) {
            return Optional.empty();
        }
        nanos = Math.max(nanos, alarmAt);
        var action = alarm;
        alarm = Optional.empty();
        return action;
    }
}
