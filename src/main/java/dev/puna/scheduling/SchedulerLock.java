// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The scheduler's one lock and the news that something under it has changed. Any thread. */
final class SchedulerLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    void lockedRun(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits; under the lock. */
    void changed() {
        change.signalAll();
    }

    /** Lets go of the lock until something changes, or for no reason; under the lock, and the caller looks again. */
    @SuppressWarnings("WaitNotInLoop")
    void waitForChange() {
        change.awaitUninterruptibly();
    }

    /** Waits until a condition holds, or for the time given, whichever comes first. */
    void waitUntil(BooleanSupplier condition, Duration longest) {
        lock.lock();
        try {
            var left = longest.toNanos();
            while (left > 0 && !condition.getAsBoolean()) {
                left = change.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
