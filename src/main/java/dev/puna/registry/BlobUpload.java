// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.Layer;
import dev.puna.registry.UploadState.Range;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way from the store into a repository: part after part to the registry, or several at a time to where it sends on to.
 * What the registry has when it fails or is cancelled is remembered for the next push, as long as this process lives.
 */
final class BlobUpload implements Transfer {
    /** Of each part but the last; what a resumed upload may have to send again. */
    static final long PART_LENGTH = 64L << 20;

    /** Bytes that are sent sooner than a registry would say that it does not want them. */
    private static final long SMALL = 1L << 20;

    private static final Duration GRACE = Duration.ofMillis(300);
    private static final System.Logger LOG = System.getLogger(BlobUpload.class.getName());

    private final UploadSession session;
    private final Layer layer;
    private final OutgoingBytes bytes;
    private final TransferLimits limits;
    private final Map<URI, UploadState> unfinished;
    private final URI key;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private volatile boolean cancelled;
    private volatile boolean finished;
    private volatile @Nullable UploadState state;
    private volatile @Nullable Thread thread;

    /**
     * @param file with the blob
     * @param unfinished what is known of earlier uploads, by {@code key}
     * @param key where the blob will be
     */
    BlobUpload(
            UploadSession session,
            Layer layer,
            Path file,
            TransferLimits limits,
            Map<URI, UploadState> unfinished,
            URI key) {
        this.session = session;
        this.layer = layer;
        this.limits = limits;
        this.unfinished = unfinished;
        this.key = key;
        bytes = new OutgoingBytes(file);
    }

    @Override
    public void start(Runnable ended) {
        thread = Thread.ofVirtual().name("push-" + layer.digest().shortText()).start(() -> run(ended));
    }

    @Override
    public CompletableFuture<Boolean> done() {
        return done;
    }

    @Override
    public long completed() {
        var known = state;
        return known == null ? 0 : Math.min(layer.size(), known.moved() + bytes.underWay());
    }

    @Override
    public void cancel() {
        cancelled = true;
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run(Runnable ended) {
        Optional<Failure> failure = Optional.empty();
        try {
            new Retries(limits, () -> cancelled).run(this::left, this::attempt);
        } catch (Failure known) {
            failure = Optional.of(known);
        } catch (InterruptedException e) {
            failure = Optional.of(new Cancelled("request canceled", e));
        } catch (RuntimeException unexpected) {
            LOG.log(Level.ERROR, "push.failed", unexpected);
            failure = Optional.of(new RegistryFailure(
                    "the upload of %s failed: %s".formatted(layer.digest().text(), unexpected), unexpected));
        }
        ended.run();
        failure.ifPresentOrElse(done::completeExceptionally, () -> done.complete(true));
    }

    /** The last request counts as a byte. */
    private long left() {
        var known = state;
        return finished ? 0 : 1 + layer.size() - (known == null ? 0 : known.moved());
    }

    private void attempt() throws IOException, InterruptedException {
        if (cancelled) {
            throw new InterruptedException("cancelled");
        }
        try {
            var current = resumed();
            if (current.isEmpty()) {
                var begun = session.begin();
                if (begun.isEmpty()) {
                    finished = true;
                    return;
                }
                current = Optional.of(new UploadState(begun.get(), layer.size(), PART_LENGTH));
                unfinished.put(key, current.get());
                state = current.get();
            }
            send(current.get());
            session.commit(current.get(), bytes.etag(current.get()));
            unfinished.remove(key);
            finished = true;
        } catch (UploadSession.Lost | RegistryFailure e) {
            forget();
            throw e;
        }
    }

    private void forget() {
        unfinished.remove(key);
        state = null;
    }

    /** An upload that was begun before, if the registry still knows it. */
    private Optional<UploadState> resumed() throws IOException {
        var known = unfinished.get(key);
        if (known == null) {
            return Optional.empty();
        }
        state = known;
        try {
            session.ask(known);
            return Optional.of(known);
        } catch (UploadSession.Lost _) {
            forget();
            return Optional.empty();
        }
    }

    private void send(UploadState current) throws IOException, InterruptedException {
        try (var redirected = new RedirectedParts(limits.parts(), (range, target) -> put(current, range, target))) {
            for (var next = next(current, redirected); next.isPresent(); next = next(current, redirected)) {
                var range = next.get();
                try {
                    send(current, range, redirected);
                } catch (IOException | RuntimeException e) {
                    current.giveUp(range.part());
                    throw e;
                }
            }
            redirected.await();
        }
    }

    private static Optional<Range> next(UploadState current, RedirectedParts redirected)
            throws IOException, InterruptedException {
        redirected.awaitTurn();
        return current.begin();
    }

    private void send(UploadState current, Range range, RedirectedParts redirected) throws IOException {
        try (var sending = bytes.of(range)) {
            var target = session.patch(current, range, sending.body(grace(current, range)));
            if (target.isPresent()) {
                redirected.begin(range, target.get());
            } else if (current.inOrder() < range.to()) {
                current.giveUp(range.part());
            } else {
                current.finish(
                        range.part(), range.equals(current.whole(range.part())) ? sending.md5() : Optional.empty());
            }
        }
    }

    /** A registry that sends on says so at the first large part, and again at each. */
    private static Duration grace(UploadState current, Range range) {
        var isFirst = range.from() == 0 && range.length() > SMALL;
        return isFirst || current.isRedirected() ? GRACE : Duration.ZERO;
    }

    private void put(UploadState current, Range range, URI target) throws IOException {
        try (var sending = bytes.of(range)) {
            session.put(target, sending.body(Duration.ZERO));
            current.finish(range.part(), sending.md5());
        } catch (IOException | RuntimeException e) {
            current.giveUp(range.part());
            throw e;
        }
    }
}
