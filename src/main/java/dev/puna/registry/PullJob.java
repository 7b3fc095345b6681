// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.model.Manifest;
import dev.puna.model.MediaTypes;
import dev.puna.model.Runners;
import dev.puna.registry.PullProgress.Step;
import dev.puna.registry.access.RegistryClient;
import dev.puna.store.ModelStore;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * One model being pulled. What is cancelled leaves what has come, for the next pull, and no model. <b>Threads:</b> it is run once, by
 * one that may wait, best a virtual one, and cancelled by any. Source: contract 4, addendum 2.
 */
public final class PullJob {
    private static final long LONGEST_CONFIG = 4L << 20;

    private final ModelStore store;
    private final SharedTransfers<Digest> downloads;
    private final BiFunction<Layer, BlobSource, Transfer> download;
    private final RegistryClient client;
    private final Repository repository;
    private final String runner;
    private final RequiredVersion required;
    private volatile boolean cancelled;

    PullJob(
            ModelStore store,
            SharedTransfers<Digest> downloads,
            BiFunction<Layer, BlobSource, Transfer> download,
            RegistryClient client,
            Repository repository,
            String runner,
            String version) {
        this.store = store;
        this.downloads = downloads;
        this.download = download;
        this.client = client;
        this.repository = repository;
        this.runner = runner;
        this.required = new RequiredVersion(version);
    }

    /** Nobody wants the model any more; a job that is done stays done. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Pulls the model.
     *
     * @param progress told of each step and, many times a second, of each blob, on this thread
     * @throws Failure if it cannot be had, or was cancelled
     */
    public void run(Consumer<PullProgress> progress) {
        progress.accept(Step.PULLING_MANIFEST);
        var remote = new RemoteManifests(client, repository, store);
        var document = remote.fetch();
        var manifest = document.manifest().orElseGet(() -> remote.child(document.select(runner)));
        var blobs = manifest.blobs().distinct().toList();
        try (var _ = store.hold(blobs.stream().map(Layer::digest).toList())) {
            admit(manifest);
            requireSpace(blobs);
            for (var blob : blobs) {
                pull(blob, progress);
            }
            progress.accept(Step.VERIFYING);
            requireWanted();
            progress.accept(Step.WRITING_MANIFEST);
            var unused = store.install(repository.name(), document.bytes(), runner);
            if (!unused.isEmpty()) {
                progress.accept(Step.REMOVING_UNUSED);
                store.discard(unused);
            }
        }
        progress.accept(Step.DONE);
    }

    /** Refuses what could not be run anyway, before a byte of weights comes. */
    private void admit(Manifest manifest) {
        if (manifest.layers().isEmpty()) {
            throw new RegistryFailure("the manifest of %s has no layers".formatted(repository.name()));
        }
        if (manifest.layers().stream().map(Layer::mediaType).noneMatch(MediaTypes::isKnown)) {
            throw new RegistryFailure("%s is no model: its layers are of the kind %s"
                    .formatted(repository.name(), manifest.layers().getFirst().mediaType()));
        }
        if (manifest.runner().equals(Runners.MLX)) {
            throw new RegistryFailure("this model requires MLX support, but the MLX runtime is not available");
        }
        if (manifest.config().size() > LONGEST_CONFIG) {
            throw new RegistryFailure("the configuration of %s has %d bytes, which is no configuration"
                    .formatted(repository.name(), manifest.config().size()));
        }
        pull(manifest.config(), _ -> {});
        store.config(manifest).requires().ifPresent(required::check);
    }

    /** Room for everything that is not here; what has come of some of it is looked at when its turn comes. */
    private void requireSpace(List<Layer> blobs) {
        var missing = blobs.stream()
                .filter(blob -> !store.contains(blob.digest()) && !store.hasPartial(blob.digest()))
                .mapToLong(Layer::size)
                .reduce(0, (sum, size) -> sum + size < 0 ? Long.MAX_VALUE : sum + size);
        store.requireSpace(repository.name().toString(), missing);
    }

    private void pull(Layer blob, Consumer<PullProgress> progress) {
        if (store.contains(blob.digest())) {
            progress.accept(new PullProgress.Blob(blob.digest(), blob.size(), blob.size()));
            return;
        }
        var source = new BlobSource(client, repository.blob(blob.digest()));
        try (var waiting = downloads.join(blob.digest(), () -> download.apply(blob, source))) {
            while (!waiting.isDone()) {
                requireWanted();
                progress.accept(new PullProgress.Blob(blob.digest(), blob.size(), waiting.completed()));
            }
            progress.accept(new PullProgress.Blob(blob.digest(), blob.size(), blob.size()));
        }
    }

    private void requireWanted() {
        if (cancelled) {
            throw new Cancelled("request canceled");
        }
    }
}
