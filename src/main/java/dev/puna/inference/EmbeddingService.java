// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.caller.Work;
import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.RankRequest;
import dev.puna.engine.RankResult;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NoEmbeddings;
import dev.puna.go.GoQuote;
import dev.puna.inference.EmbeddingOutcome.InParts;
import dev.puna.inference.EmbeddingOutcome.Loaded;
import dev.puna.inference.EmbeddingOutcome.Together;
import dev.puna.model.Capability;
import dev.puna.model.KeepAlive;
import dev.puna.store.InstalledModel;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        var adapters = ModelAdapters.asked(model, input.options());
        var texts = input.texts();
        var work = texts.isEmpty() ? Work.PRESENCE : Work.EMBEDDING;
        var lease = models.lease(work, model, options, input.keepAlive());
        if (texts.isEmpty()) {
            return new Loaded(models.loaded(lease));
        }
        requireEmbedding(model);
        var most = RequestOptions.longestText(model, input.options());
        if (texts.size() > EmbeddingParts.TOGETHER) {
            var parts = new EmbeddingParts(texts, input.truncate(), most, adapters);
            return new InParts(models.stream(lease, clock, parts::embedded));
        }
        var together = new EmbeddingRequest(texts, input.truncate(), most, adapters);
        return new Together(models.once(lease, clock, engine -> engine.embed(together)));
    }

    /**
     * How well documents answer a query; what is wrong with the request is thrown before anything is loaded.
     *
     * @param keepAlive how long the model stays in memory; absent for what it has or the server's default
     * @param options as parsed JSON
     */
    public Uni<RankResult> rank(
            ModelReference reference,
            RankRequest request,
            Optional<KeepAlive> keepAlive,
            Map<String, @Nullable Object> options,
            RequestClock clock) {
        var model = models.find(reference);
        if (!models.capabilities(model).include(Capability.RERANK)) {
            throw new InvalidRequest(
                    GoQuote.quoted(reference.name()) + " does not rank documents: use a reranker", "model");
        }
        var lease = models.lease(Work.EMBEDDING, model, RequestOptions.merge(Map.of(), model, options), keepAlive);
        var adapted = request.withAdapters(ModelAdapters.asked(model, options));
        return models.once(lease, clock, engine -> engine.rank(adapted));
    }

    /** Refuses a model that only generates before it is loaded for nothing. */
    private void requireEmbedding(InstalledModel model) {
        if (!models.capabilities(model).include(Capability.EMBEDDING)) {
            throw new NoEmbeddings();
        }
    }
}
