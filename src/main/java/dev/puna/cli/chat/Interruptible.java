// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A task that another thread may end early. It runs on a virtual thread, since interrupting one of those closes the
 * connection on which it waits. Used once.
 */
final class Interruptible {
    private final FutureTask<@Nullable Void> work;
    private final Thread worker;
    private final AtomicBoolean interrupted = new AtomicBoolean();

    Interruptible(Runnable task) {
        work = new FutureTask<>(task, null);
        worker = Thread.ofVirtual().name("answer").unstarted(work);
    }

    /** Ends the task; from any thread, at any time. */
    void interrupt() {
        interrupted.set(true);
        worker.interrupt();
    }

    /** Runs the task to its end and throws what it throws; returns false, and throws nothing, if it was interrupted. */
    boolean run() {
        worker.start();
        try {
            work.get();
        } catch (ExecutionException e) {
            if (!interrupted.get()) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException _) {
            interrupt();
            Thread.currentThread().interrupt();
        }
        return !interrupted.get();
    }
}
