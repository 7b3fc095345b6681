// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import dev.puna.model.Layer;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.store.ModelStore;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Brings models of a store to registries. <b>Threads:</b> any. */
public final class PushService {
    private final ModelStore store;
    private final RegistryAccess access;
    private final TransferLimits limits;
    private final SharedTransfers<URI> uploads = new SharedTransfers<>();
    private final Map<URI, UploadState> unfinished = new ConcurrentHashMap<>();

    public PushService(ModelStore store, RegistryAccess access, TransferLimits limits) {
        this.store = requireNonNull(store, "store is null");
        this.access = requireNonNull(access, "access is null");
        this.limits = requireNonNull(limits, "limits is null");
    }

    /** The push of one model, which has not begun. */
    public PushJob job(Repository repository) {
        return new PushJob(
                store,
                repository,
                access.client(repository.manifest(), repository.insecure()),
                uploads,
                (session, blob) -> upload(repository, session, blob),
                limits);
    }

    private Transfer upload(Repository repository, UploadSession session, Layer blob) {
        var digest = blob.digest();
        return new BlobUpload(session, blob, store.path(digest), limits, unfinished, repository.blob(digest));
    }
}
