// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.Quantizer;
import dev.puna.model.ModelName;
import dev.puna.registry.PullService;
import dev.puna.registry.Repository;
import dev.puna.store.ModelStore;

/** Makes models in a store. <b>Threads:</b> any. */
public final class CreationService {
    private final PullService pulls;
    private final SharedCreations shared;
    private final SharedCreations imports;

    /**
     * @param store where the files are, and where the models go
     * @param quantizer writes weights anew
     * @param pulls gets models to start from that are not here
     */
    public CreationService(ModelStore store, Quantizer quantizer, PullService pulls) {
        requireNonNull(store, "store is null");
        requireNonNull(quantizer, "quantizer is null");
        this.pulls = requireNonNull(pulls, "pulls is null");
        shared = new SharedCreations(job ->
                new CreationRun(store, quantizer, repository -> pull(repository, ""), job.name(), job.request()));
        imports = new SharedCreations(job ->
                new HubImport(store, quantizer, pulls, job.name(), job.request().from()));
    }

    /**
     * Getting a model from a registry, which has not begun. At Hugging Face, one that is there in safetensors only is made of these,
     * for all who want it at a time.
     *
     * @param runner which manifest of a list is meant; empty for the best one
     */
    public ModelPull pull(Repository repository, String runner) {
        var address = (repository.insecure() ? "http://" : "https://") + repository.name();
        return new ModelPull(
                pulls.job(repository, runner),
                new CreationJob(imports, repository.name(), CreationRequest.from(address)));
    }

    /** The making of one model, which has not begun; those who want the same made of the same share it. */
    public CreationJob job(ModelName name, CreationRequest request) {
        return new CreationJob(shared, name, request);
    }
}
