// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.Failure;
import dev.puna.model.Digest;
import dev.puna.model.Layer;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.store.ModelStore;
import java.util.Set;
import java.util.function.LongConsumer;

/** Gets models from registries into a store. <b>Threads:</b> any. */
public final class PullService {
    private final ModelStore store;
    private final RegistryAccess access;
    private final TransferLimits limits;
    private final RateLimit rate;
    private final SharedTransfers<Digest> downloads = new SharedTransfers<>();

    public PullService(ModelStore store, RegistryAccess access, TransferLimits limits) {
        this.store = requireNonNull(store, "store is null");
        this.access = requireNonNull(access, "access is null");
        this.limits = requireNonNull(limits, "limits is null");
        rate = new RateLimit(limits.bytesPerSecond());
    }

    /**
     * The pull of one model, which has not begun.
     *
     * @param runner which manifest of a list is meant; empty for the best one
     */
    public PullJob job(Repository repository, String runner) {
        return new PullJob(
                store,
                downloads,
                this::download,
                access.client(repository.manifest(), repository.insecure()),
                repository,
                runner,
                access.version());
    }

    /**
     * The files of a repository at Hugging Face, as they are now, of which none has come.
     *
     * @throws Failure if they cannot be listed
     */
    public HubFiles files(Repository repository) {
        return HubFiles.list(
                store, this, access.client(repository.manifest(), repository.insecure()), limits, repository);
    }

    /** Getting blobs of a model that is here again, which has not begun. */
    public RepairJob repair(Repository repository, Set<Digest> bad) {
        return new RepairJob(store, this, repository, bad);
    }

    /**
     * Gets one blob, whether it is there or not, and waits for it. One that is there stays until the new one is whole and verified.
     *
     * @param progress told from time to time, on this thread, how many bytes have come
     * @throws Failure if it cannot be had
     */
    void fetch(Repository repository, Layer blob, LongConsumer progress) {
        var client = access.client(repository.manifest(), repository.insecure());
        fetch(blob, new BlobSource(client, repository.blob(blob.digest())), progress);
    }

    /** The same from elsewhere; what {@code progress} throws ends it. */
    void fetch(Layer blob, BlobSource source, LongConsumer progress) {
        try (var waiting = downloads.join(blob.digest(), () -> download(blob, source))) {
            while (!waiting.isDone()) {
                progress.accept(waiting.completed());
            }
            progress.accept(blob.size());
        }
    }

    private BlobDownload download(Layer blob, BlobSource source) {
        return new BlobDownload(store, blob, source, limits, rate);
    }
}
