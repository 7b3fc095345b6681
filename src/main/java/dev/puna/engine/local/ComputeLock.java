// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.ComputeTurns;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one model at a time compute on the CPU, in turns of one step.
 *
 * <p>ggml's threads spin while they wait for each other: two models that compute at once, each with as many threads as there are
 * cores, are both many times slower than in turns. A turn that nobody else wants costs nanoseconds. <b>Threads:</b> any; whoever
 * has waited longest is next.
 */
final class ComputeLock implements ComputeTurns {

    private final ReentrantLock lock = new ReentrantLock(true);

    @Override
    public <T> T take(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }
}
