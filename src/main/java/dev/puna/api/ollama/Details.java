// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.ollama.wire.ModelDetails;
import dev.puna.store.InstalledModel;
import org.jspecify.annotations.Nullable;

/** What a model is, from its configuration. */
final class Details {
    private Details() {}

    static ModelDetails of(InstalledModel model, @Nullable Long contextLength, @Nullable Long embeddingLength) {
        var config = model.config();
        return new ModelDetails(
                model.parent().orElse(""),
                config.modelFormat(),
                config.modelFamily(),
                config.modelFamilies().isEmpty() ? null : config.modelFamilies(),
                config.modelType(),
                config.fileType(),
                contextLength,
                embeddingLength,
                model.runner());
    }
}
