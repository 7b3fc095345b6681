// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The transfers under way, each shared by all who want the same; the last of them to leave ends it. <b>Threads:</b> any.
 *
 * @param <K> what callers must agree in to share a transfer
 */
final class SharedTransfers<K> {
    private static final int BETWEEN_LOOKS_MS = 60;

    private final Map<K, Shared> running = new HashMap<>();

    private static final class Shared {
        private final Transfer transfer;
        private int waiting;

        Shared(Transfer transfer) {
            this.transfer = transfer;
        }
    }

    /** One who waits for a transfer, until it is closed. */
    final class Waiting implements AutoCloseable {
        private final Shared shared;

        private Waiting(Shared shared) {
            this.shared = shared;
        }

        /** Waits for the end, but not longer than a moment; false if it has not come yet. */
        boolean isDone() {
            try {
                return shared.transfer.done().get(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                return false;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Failure failure) {
                    throw failure;
                }
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Cancelled("request canceled", e);
            }
        }

        long completed() {
            return shared.transfer.completed();
        }

        @Override
        public void close() {
            leave(shared);
        }
    }

    /** Joins the transfer of that key, which begins if there is none. */
    synchronized Waiting join(K key, Supplier<Transfer> transfer) {
        var known = running.get(key);
        if (known != null && known.waiting > 0) {
            known.waiting++;
            return new Waiting(known);
        }
        var shared = new Shared(transfer.get());
        shared.waiting = 1;
        running.put(key, shared);
        Runnable start = () -> shared.transfer.start(() -> forget(key, shared));
        if (known == null) {
            start.run();
        } else {
            // One that everybody has left still has the files, for the moment, and may come to its end all the same.
            var _ = known.transfer.done().whenComplete((_, failure) -> {
                if (failure == null) {
                    forget(key, shared);
                    shared.transfer.done().complete(true);
                } else {
                    start.run();
                }
            });
        }
        return new Waiting(shared);
    }

    private synchronized void leave(Shared shared) {
        shared.waiting--;
        if (shared.waiting == 0) {
            shared.transfer.cancel();
        }
    }

    private synchronized void forget(K key, Shared shared) {
        running.remove(key, shared);
    }
}
