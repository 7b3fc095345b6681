// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.ModelDetails;
import dev.puna.store.InstalledModel;
import org.jspecify.annotations.Nullable;

/** What a model is, from its configuration. */
final class Details {
    private Details() {}

    static ModelDetails of(InstalledModel model, @Nullable Long contextLength, @Nullable Long embeddingLength) {
        return of(model, model.parent().orElse(""), contextLength, embeddingLength, model.runner());
    }

    /** Without what {@code /api/ps} leaves out, or tells beside it. */
    static ModelDetails ofRunning(InstalledModel model) {
        return of(model, "", null, null, "");
    }

    private static ModelDetails of(
            InstalledModel model,
            String parent,
            @Nullable Long contextLength,
            @Nullable Long embeddingLength,
            String runner) {
        var config = model.config();
        return new ModelDetails(
                parent,
                config.modelFormat(),
                config.modelFamily(),
                config.modelFamilies().isEmpty() ? null : config.modelFamilies(),
                config.modelType(),
                config.fileType(),
                contextLength,
                embeddingLength,
                runner);
    }
}
