// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.failure.NoEmbeddings;
import dev.puna.inference.EmbeddingOutcome.InParts;
import dev.puna.inference.EmbeddingOutcome.Loaded;
import dev.puna.inference.EmbeddingOutcome.Together;
import dev.puna.model.Capability;
import dev.puna.store.InstalledModel;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Has models embed texts: check, lease, embed. Source: contract 1.6 and 1.7.
 *
 * <p><b>Threads:</b> the checks read the store, so they need a worker thread; results come on the engine's threads.
 */
@Singleton
public final class EmbeddingService {
    private final ModelAccess models;

    /** Embeddings by the models that can be got at. */
    public EmbeddingService(ModelAccess models) {
        this.models = models;
    }

    /**
     * What becomes of a request; what is wrong with it is thrown before anything is loaded.
     *
     * @param clock told when the model is in memory
     */
    public EmbeddingOutcome answer(EmbeddingInput input, RequestClock clock) {
        var model = models.find(input.model());
        var options = RequestOptions.merge(Map.of(), model, input.options());
        var lease = ModelAccess.lease(model, options, input.keepAlive());
        var texts = input.texts();
        if (texts.isEmpty()) {
            return new Loaded(models.loaded(lease));
        }
        requireEmbedding(model);
        var most = RequestOptions.longestText(model, input.options());
        if (texts.size() > EmbeddingParts.TOGETHER) {
            var parts = new EmbeddingParts(texts, input.truncate(), most);
            return new InParts(models.stream(lease, clock, parts::embedded));
        }
        var together = new EmbeddingRequest(texts, input.truncate(), most);
        return new Together(models.once(lease, clock, engine -> engine.embed(together)));
    }

    /** Refuses a model that only generates before it is loaded for nothing. */
    private void requireEmbedding(InstalledModel model) {
        if (!models.capabilities(model).include(Capability.EMBEDDING)) {
            throw new NoEmbeddings();
        }
    }
}
