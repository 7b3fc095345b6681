// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import static java.util.Objects.requireNonNull;

import dev.puna.archive.BlobProgress;
import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.store.VerifyCommand.Problem;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import dev.puna.store.Upkeep.BlobState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Has the server get blobs again from the registries that models are named after. A bad blob stays until its successor is whole and
 * verified.
 */
final class BlobRepair {
    private final PunaServer server;
    private final ModelStore store;
    private final boolean insecure;
    private final BlobProgress progress;
    private final Set<Digest> repaired = new HashSet<>();

    /**
     * @param server one that works on the same store
     * @param insecure whether registries may be asked by {@code http}
     */
    BlobRepair(PunaServer server, ModelStore store, boolean insecure, BlobProgress progress) {
        this.server = requireNonNull(server, "server is null");
        this.store = requireNonNull(store, "store is null");
        this.insecure = insecure;
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** What is left of a problem after the registry of that model was asked. */
    Problem repaired(ModelName model, Problem problem) {
        return switch (problem) {
            case Problem.OfBlob bad -> repaired(model, bad);
            case Problem.OfManifest _, Problem.Solved _ -> problem;
        };
    }

    private Problem repaired(ModelName model, Problem.OfBlob bad) {
        var digest = bad.blob().digest();
        if (repaired.contains(digest)) {
            return new Problem.Solved("repaired: " + digest.text());
        }
        try {
            fetch(model, digest);
        } catch (CommandFailure e) {
            return new Problem.OfBlob(
                    bad.blob(), "%s; it could not be got again: %s".formatted(bad.text(), e.sentence()));
        }
        if (store.upkeep().check(digest, _ -> {}) != BlobState.GOOD) {
            return new Problem.OfBlob(
                    bad.blob(),
                    bad.text() + "; the server has got it again for another store: set PUNA_MODELS to its folder");
        }
        repaired.add(digest);
        return new Problem.Solved("repaired: " + digest.text());
    }

    private void fetch(ModelName model, Digest digest) {
        var request = Map.of("model", model.fullName(), "insecure", insecure, "repair", List.of(digest.text()));
        server.stream("/api/pull", request, status -> {
            if (!status.text("digest").isEmpty()) {
                progress.at(digest, status.number("total"), status.number("completed"));
            }
        });
    }
}
