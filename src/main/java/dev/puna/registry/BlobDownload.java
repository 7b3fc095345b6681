// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.Layer;
import dev.puna.registry.PartFetch.RangesIgnored;
import dev.puna.store.ModelStore;
import dev.puna.store.PartialBlob;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way from a registry into the store: several parts at a time, each by a thread of its own, and a further thread that
 * hashes what has come while it is still in memory, and makes the blob of it. What had come stays when it fails or is cancelled.
 * <b>Threads:</b> any.
 */
final class BlobDownload implements Transfer {
    private static final System.Logger LOG = System.getLogger(BlobDownload.class.getName());
    /** Bytes that are hashed before it is asked again whether anybody wants the blob. */
    private static final long HASHED_AT_ONCE = 64L << 20;

    private static final Duration TICK = Duration.ofMillis(20);

    private final ModelStore store;
    private final Layer layer;
    private final BlobSource source;
    private final TransferLimits limits;
    private final RateLimit rate;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final List<PartFetch> fetches = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private volatile long completed;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable failed;

    BlobDownload(ModelStore store, Layer layer, BlobSource source, TransferLimits limits, RateLimit rate) {
        this.store = store;
        this.layer = layer;
        this.source = source;
        this.limits = limits;
        this.rate = rate;
    }

    @Override
    public void start(Runnable ended) {
        Thread.ofPlatform().name("pull-" + layer.digest().shortText()).daemon().start(() -> run(ended));
    }

    @Override
    public CompletableFuture<Boolean> done() {
        return done;
    }

    @Override
    public long completed() {
        return completed;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    private void run(Runnable ended) {
        Optional<Failure> failure = Optional.empty();
        try {
            fetch();
        } catch (Failure known) {
            failure = Optional.of(known);
        } catch (InterruptedException | RuntimeException unexpected) {
            LOG.log(Level.ERROR, "pull.failed", unexpected);
            failure = Optional.of(new RegistryFailure(
                    "the download of %s failed: %s".formatted(layer.digest().text(), unexpected), unexpected));
        }
        ended.run();
        failure.ifPresentOrElse(done::completeExceptionally, () -> done.complete(true));
    }

    private void fetch() throws InterruptedException {
        try (var blob = store.partial(layer.digest(), layer.size())) {
            for (var again = blob.isResumed(); ; again = false) {
                download(blob);
                while (!blob.hash(HASHED_AT_ONCE)) {
                    requireWanted();
                }
                try {
                    blob.commit();
                    return;
                } catch (InvalidRequest wrong) {
                    // A machine that lost power may have kept the note of a part, but not the part.
                    if (!again) {
                        throw new RegistryFailure(wrong.text(), wrong);
                    }
                }
            }
        }
    }

    private void download(PartialBlob blob) throws InterruptedException {
        store.requireSpace(layer.digest().text(), blob.length() - blob.written());
        var parts = new ConcurrentLinkedQueue<Integer>();
        for (var part = 0; part < blob.parts(); part++) {
            if (blob.missing(part) > 0) {
                parts.add(part);
            }
        }
        begin(blob, Math.min(limits.parts(), parts.size()), fetch -> fetchAll(fetch, parts));
        try {
            follow(blob);
            if (failed instanceof RangesIgnored) {
                end();
                failed = null;
                begin(blob, 1, PartFetch::fetchWhole);
                follow(blob);
            }
        } finally {
            end();
        }
        completed = blob.written();
        rethrow();
    }

    private interface Work {
        void run(PartFetch fetch) throws InterruptedException, RangesIgnored;
    }

    private void begin(PartialBlob blob, int count, Work work) {
        for (var worker = 0; worker < count; worker++) {
            var fetch = new PartFetch(source, blob, limits, rate);
            fetches.add(fetch);
            workers.add(Thread.ofVirtual().start(() -> {
                try {
                    work.run(fetch);
                } catch (InterruptedException | RangesIgnored | RuntimeException e) {
                    fail(e);
                }
            }));
        }
    }

    /** The first failure counts: others follow from it. */
    private synchronized void fail(Throwable failure) {
        failed = failed == null ? failure : failed;
    }

    private static void fetchAll(PartFetch fetch, Queue<Integer> parts) throws InterruptedException, RangesIgnored {
        for (var part = parts.poll(); part != null; part = parts.poll()) {
            fetch.fetch(part);
        }
    }

    /** Until all have ended, or one has failed. */
    private void follow(PartialBlob blob) throws InterruptedException {
        for (var busy = firstAlive(); failed == null && busy.isPresent(); busy = firstAlive()) {
            requireWanted();
            blob.hash(HASHED_AT_ONCE);
            completed = blob.written();
            busy.get().join(TICK);
        }
    }

    private void requireWanted() {
        if (cancelled) {
            throw new Cancelled("request canceled");
        }
    }

    private Optional<Thread> firstAlive() {
        return workers.stream().filter(Thread::isAlive).findFirst();
    }

    private void end() throws InterruptedException {
        fetches.forEach(PartFetch::stop);
        workers.forEach(Thread::interrupt);
        for (var worker : workers) {
            worker.join();
        }
        fetches.clear();
        workers.clear();
    }

    private void rethrow() throws InterruptedException {
        switch (failed) {
            case null -> {}
            case RuntimeException unchecked -> throw unchecked;
            case InterruptedException interrupted -> throw interrupted;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }
}
