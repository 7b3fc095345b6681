// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.Quantizer;
import dev.puna.model.ModelName;
import dev.puna.registry.PullService;
import dev.puna.store.ModelStore;

/** Makes models in a store. <b>Threads:</b> any. */
public final class CreationService {
    private final SharedCreations shared;

    /**
     * @param store where the files are, and where the models go
     * @param quantizer writes weights anew
     * @param pulls gets models to start from that are not here
     */
    public CreationService(ModelStore store, Quantizer quantizer, PullService pulls) {
        requireNonNull(store, "store is null");
        requireNonNull(quantizer, "quantizer is null");
        requireNonNull(pulls, "pulls is null");
        shared = new SharedCreations(job -> new CreationRun(store, quantizer, pulls, job.name(), job.request()));
    }

    /** The making of one model, which has not begun; those who want the same made of the same share it. */
    public CreationJob job(ModelName name, CreationRequest request) {
        return new CreationJob(shared, name, request);
    }
}
