// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's time. Its one thread sleeps until the moment that is set, or for ever if there is none. Any thread. */
final class SystemClock implements SchedulerClock {
    private final ScheduledThreadPoolExecutor timer;
    private Optional<Future<?>> alarm = Optional.empty();
    private long setFor;

    SystemClock() {
        timer = new ScheduledThreadPoolExecutor(
                1, action -> Thread.ofPlatform().daemon().name("puna-expiry").unstarted(action));
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public synchronized void wakeAt(long nanos, Runnable action) {
        if (alarm.isPresent() && !alarm.get().isDone() && setFor == nanos) {
            return;
        }
        sleep();
        setFor = nanos;
        try {
            alarm = Optional.of(timer.schedule(action, nanos - nanos(), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException _) {
            // closed: nobody wants to be woken any more
        }
    }

    @Override
    public synchronized void sleep() {
        alarm.ifPresent(set -> set.cancel(false));
        alarm = Optional.empty();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
