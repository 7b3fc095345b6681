// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.Layer;
import dev.puna.registry.PushProgress.Step;
import dev.puna.registry.access.RegistryClient;
import dev.puna.registry.access.RegistryClient.Redirects;
import dev.puna.registry.http.RegistryRequest;
import dev.puna.registry.http.RequestBody;
import dev.puna.store.ModelStore;
import dev.puna.store.OutgoingModel;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * One model being pushed: its blobs, then its manifest. <b>Threads:</b> it is run once, by one that may wait, best a virtual one, and
 * cancelled by any. Source: contract 4, addendum 2.
 */
public final class PushJob {
    /** Blobs that may be on their way at a time. */
    private static final int AT_A_TIME = 4;

    private final ModelStore store;
    private final Repository repository;
    private final RegistryClient client;
    private final SharedTransfers<URI> uploads;
    private final BiFunction<UploadSession, Layer, Transfer> upload;
    private final TransferLimits limits;
    private volatile boolean cancelled;

    PushJob(
            ModelStore store,
            Repository repository,
            RegistryClient client,
            SharedTransfers<URI> uploads,
            BiFunction<UploadSession, Layer, Transfer> upload,
            TransferLimits limits) {
        this.store = store;
        this.repository = repository;
        this.client = client;
        this.uploads = uploads;
        this.upload = upload;
        this.limits = limits;
    }

    /** Nobody wants it any more; a job that is done stays done. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Pushes the model.
     *
     * @param progress told of each step and, many times a second, of a blob, on this thread
     * @throws Failure if it cannot be done, or was cancelled
     */
    public void run(Consumer<PushProgress> progress) {
        progress.accept(Step.RETRIEVING_MANIFEST);
        var found = store.outgoing(repository.name());
        if (found.isEmpty()) {
            progress.accept(Step.NO_MANIFEST);
            throw new RegistryFailure("open %s: no such file or directory".formatted(store.tagFile(repository.name())));
        }
        var model = found.get();
        var blobs = model.blobs().stream().distinct().toList();
        try (var _ = store.hold(blobs.stream().map(Layer::digest).toList())) {
            push(blobs, progress);
            progress.accept(Step.PUSHING_MANIFEST);
            requireWanted();
            once(() -> putManifest(model));
        }
        progress.accept(Step.DONE);
    }

    private void push(List<Layer> blobs, Consumer<PushProgress> progress) {
        Queue<Outgoing> begun = new ArrayDeque<>();
        try {
            for (var blob : blobs) {
                if (begun.size() == AT_A_TIME) {
                    follow(begun.peek(), progress);
                    begun.remove().close();
                }
                requireWanted();
                begun.add(begin(blob));
            }
            while (!begun.isEmpty()) {
                follow(begun.peek(), progress);
                begun.remove().close();
            }
        } finally {
            begun.forEach(Outgoing::close);
        }
    }

    /** A blob that is at the registry, or goes there. */
    private sealed interface Outgoing extends AutoCloseable {
        Layer blob();

        @Override
        void close();

        record Present(Layer blob) implements Outgoing {
            @Override
            public void close() {}
        }

        record Going(Layer blob, SharedTransfers<URI>.Waiting waiting) implements Outgoing {
            @Override
            public void close() {
                waiting.close();
            }
        }
    }

    private Outgoing begin(Layer blob) {
        var session = new UploadSession(client, repository, blob);
        var present = new boolean[1];
        once(() -> present[0] = session.exists());
        return present[0]
                ? new Outgoing.Present(blob)
                : new Outgoing.Going(
                        blob, uploads.join(repository.blob(blob.digest()), () -> upload.apply(session, blob)));
    }

    private void follow(Outgoing outgoing, Consumer<PushProgress> progress) {
        var blob = outgoing.blob();
        if (outgoing instanceof Outgoing.Going(var _, var waiting)) {
            while (!waiting.isDone()) {
                requireWanted();
                progress.accept(new PushProgress.Blob(blob.digest(), blob.size(), waiting.completed()));
            }
        }
        progress.accept(new PushProgress.Blob(blob.digest(), blob.size(), blob.size()));
    }

    private void putManifest(OutgoingModel model) throws IOException {
        var request = RegistryRequest.of("PUT", repository.manifest(), Map.of("Content-Type", model.mediaType()))
                .with(RequestBody.of(model.document()));
        try (var response = client.send(request, Redirects.WITHIN)) {
            Retries.requireReady(response);
            if (response.status() >= 300) {
                throw new RegistryFailure(response.refusal());
            }
        }
    }

    /** Asks a busy registry again, but not one that is not there. */
    private void once(Retries.Attempt<RuntimeException> request) {
        try {
            new Retries(limits, () -> cancelled).once(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("request canceled", e);
        }
    }

    private void requireWanted() {
        if (cancelled) {
            throw new Cancelled("request canceled");
        }
    }
}
