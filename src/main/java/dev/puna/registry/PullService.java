// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.store.ModelStore;

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
                (blob, source) -> new BlobDownload(store, blob, source, limits, rate),
                access.client(repository.manifest(), repository.insecure()),
                repository,
                runner,
                access.version());
    }
}
