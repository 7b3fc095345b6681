// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.store.ModelStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The downloads under way, each shared by all who want that blob; the last of them to leave ends it. <b>Threads:</b> any. */
final class BlobDownloads {
    private static final int BETWEEN_STATUSES_MS = 60;

    private final ModelStore store;
    private final TransferLimits limits;
    private final RateLimit rate;
    private final Map<Digest, Shared> running = new HashMap<>();

    BlobDownloads(ModelStore store, TransferLimits limits) {
        this.store = store;
        this.limits = limits;
        this.rate = new RateLimit(limits.bytesPerSecond());
    }

    private static final class Shared {
        private final BlobDownload download;
        private int waiting;

        Shared(BlobDownload download) {
            this.download = download;
        }
    }

    /** One who waits for a blob, until it is closed. */
    final class Waiting implements AutoCloseable {
        private final Shared shared;

        private Waiting(Shared shared) {
            this.shared = shared;
        }

        /** Waits for a moment, and says whether the blob is there; a {@link Failure} if it will not be. */
        boolean isDone() {
            try {
                return shared.download.done().get(BETWEEN_STATUSES_MS, TimeUnit.MILLISECONDS);
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
            return shared.download.completed();
        }

        @Override
        public void close() {
            leave(shared);
        }
    }

    /** Joins the download of a blob, which begins if there is none. */
    synchronized Waiting join(Layer layer, BlobSource source) {
        var digest = layer.digest();
        var known = running.get(digest);
        if (known != null && known.waiting > 0) {
            known.waiting++;
            return new Waiting(known);
        }
        var shared = new Shared(new BlobDownload(store, layer, source, limits, rate));
        shared.waiting = 1;
        running.put(digest, shared);
        Runnable start = () -> shared.download.start(() -> forget(digest, shared));
        if (known == null) {
            start.run();
        } else {
            // One that everybody has left still has the files, for the moment.
            var _ = known.download.done().whenComplete((_, _) -> start.run());
        }
        return new Waiting(shared);
    }

    private synchronized void leave(Shared shared) {
        shared.waiting--;
        if (shared.waiting == 0) {
            shared.download.cancel();
        }
    }

    private synchronized void forget(Digest digest, Shared shared) {
        running.remove(digest, shared);
    }
}
