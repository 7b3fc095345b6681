// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.NotFound;
import dev.puna.model.Digest;
import dev.puna.registry.PullProgress.Step;
import dev.puna.store.ModelStore;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Blobs of a model that is here, got again from its registry; the model itself stays as it is. A bad blob stays until its successor is
 * whole and verified. <b>Threads:</b> it is run once by one that may wait, and cancelled by any.
 */
public final class RepairJob {
    private final ModelStore store;
    private final PullService pulls;
    private final Repository repository;
    private final Set<Digest> bad;
    private volatile boolean cancelled;

    RepairJob(ModelStore store, PullService pulls, Repository repository, Set<Digest> bad) {
        this.store = requireNonNull(store, "store is null");
        this.pulls = requireNonNull(pulls, "pulls is null");
        this.repository = requireNonNull(repository, "repository is null");
        this.bad = Set.copyOf(bad);
    }

    /** Ends it before its time; what has come is kept. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Gets those of the blobs that the model has.
     *
     * @throws Failure if there is no such model, or one of them cannot be had
     */
    public void run(Consumer<PullProgress> progress) {
        var model = store.content(repository.name())
                .orElseThrow(() -> new NotFound(
                        "model '%s' not found".formatted(repository.name().shortName())));
        for (var blob : model.blobs()) {
            if (bad.contains(blob.digest())) {
                pulls.fetch(repository, blob, done -> {
                    if (cancelled) {
                        throw new Cancelled("request canceled");
                    }
                    progress.accept(new PullProgress.Blob(blob.digest(), blob.size(), done));
                });
            }
        }
        progress.accept(Step.DONE);
    }
}
