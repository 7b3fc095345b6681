// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.model.Runners;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import java.util.Optional;

/** Finds the models that requests name. Source: contract 1.2, addendum 3.1. */
record ModelLookup(ModelStore store) {

    InstalledModel find(ModelReference reference) {
        var model = installed(reference).orElseThrow(() -> reference.missing().notFound(reference.name()));
        if (model.config().remoteHost().isPresent()
                && model.config().remoteModel().isPresent()) {
            throw new InvalidRequest("this server cannot run this remote model");
        }
        return model;
    }

    /** That a model has nothing for a runner is the request's mistake here, though elsewhere it is not found. */
    private Optional<InstalledModel> installed(ModelReference reference) {
        var name = reference.parsed();
        var runner = Runners.asked(reference.runner());
        try {
            return store.find(name, runner);
        } catch (NotFound nothingForIt) {
            throw new InvalidRequest(nothingForIt.text());
        }
    }
}
