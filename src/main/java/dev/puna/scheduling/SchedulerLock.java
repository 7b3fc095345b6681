// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The scheduler's one lock and the news that something under it has changed. Any thread. */
final class SchedulerLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();

    /** Runs what changes something, then wakes whoever waits; false, without a wait, if somebody else has the lock. */
    boolean tryChange(Runnable action) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            action.run();
            return true;
        } finally {
            change.signalAll();
            lock.unlock();
        }
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
