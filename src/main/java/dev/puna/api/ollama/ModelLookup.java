// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.go.GoQuote;
import dev.puna.model.ModelName;
import dev.puna.model.Runners;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Finds the models that requests name, with each route's own words for a name that is missing. Source: contract 1.2, addendum 3.1. */
@Singleton
final class ModelLookup {
    private final ModelStore store;

    ModelLookup(ModelStore store) {
        this.store = store;
    }

    /** For {@code /api/generate}. */
    InstalledModel find(String asked, String runner) {
        return find(parse(asked, notFound(asked)), runner, notFound(asked));
    }

    /** For {@code /api/chat}. */
    InstalledModel findForChat(String asked, String runner) {
        return find(parse(asked, required()), runner, notFound(asked));
    }

    /** For {@code /api/embed}, once its other fields are checked. */
    InstalledModel findForEmbed(String asked, String runner) {
        return find(parseForEmbed(asked), runner, notPulled(asked));
    }

    /** For {@code /api/embeddings}. */
    InstalledModel findForEmbeddings(String asked, String runner) {
        return find(parse(asked, required()), runner, notPulled(asked));
    }

    /** The name that {@code /api/embed} checks before its other fields. */
    static ModelName parseForEmbed(String asked) {
        return parse(asked, notFound(asked));
    }

    private InstalledModel find(ModelName name, String runner, Failure missing) {
        var model = installed(name, Runners.asked(runner)).orElseThrow(() -> missing);
        if (model.config().remoteHost().isPresent()
                && model.config().remoteModel().isPresent()) {
            throw new InvalidRequest("this server cannot run this remote model");
        }
        return model;
    }

    /** That a model has nothing for a runner is the request's mistake here, though elsewhere it is not found. */
    private Optional<InstalledModel> installed(ModelName name, String runner) {
        try {
            return store.find(name, runner);
        } catch (NotFound nothingForIt) {
            throw new InvalidRequest(nothingForIt.text());
        }
    }

    private static ModelName parse(String asked, Failure empty) {
        if (asked.isBlank()) {
            throw empty;
        }
        return ModelName.parseReference(asked);
    }

    private static Failure notFound(String asked) {
        return new NotFound("model '" + asked + "' not found");
    }

    private static Failure notPulled(String asked) {
        return new NotFound("model " + GoQuote.quoted(asked) + " not found, try pulling it first");
    }

    private static Failure required() {
        return new InvalidRequest("model is required");
    }
}
