// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.RankRequest;
import dev.puna.engine.RankResult;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NoEmbeddings;
import dev.puna.failure.Unsupported;
import dev.puna.llama.settings.Pooling;
import dev.puna.model.AdapterScales;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * An embedding model in this process.
 *
 * <p><b>Owns</b> the model and the embedding loop.
 */
final class EmbeddingEngine implements Engine {

    private final NativeModel model;
    private final EngineFacts facts;
    private final EmbeddingTexts texts;
    private final EmbeddingLoop loop;

    EmbeddingEngine(NativeModel model) {
        this.model = model;
        this.facts = model.facts();
        this.texts = new EmbeddingTexts(model);
        this.loop = new EmbeddingLoop(model);
        loop.start();
    }

    @Override
    public EngineFacts facts() {
        return facts;
    }

    @Override
    public EngineMemory memory() {
        return model.memory();
    }

    @Override
    public String render(GenerationRequest request) {
        throw cannotGenerate();
    }

    @Override
    public int count(GenerationRequest request) {
        throw cannotGenerate();
    }

    @Override
    public Multi<GenerationEvent> generate(GenerationRequest request, LongConsumer prepared) {
        return Multi.createFrom().failure(EmbeddingEngine::cannotGenerate);
    }

    @Override
    public Uni<EmbeddingResult> embed(EmbeddingRequest request) {
        return ranks()
                ? Uni.createFrom().failure(NoEmbeddings::new)
                : vectors(request.adapters(), () -> texts.of(request)).map(vectors -> vectors.normalized());
    }

    @Override
    public Uni<RankResult> rank(RankRequest request) {
        return ranks()
                ? vectors(request.adapters(), () -> texts.of(request)).map(RawVectors::scores)
                : Uni.createFrom().failure(EmbeddingEngine::cannotRank);
    }

    private Uni<RawVectors> vectors(AdapterScales adapters, Supplier<List<int[]>> tokens) {
        return Uni.createFrom().emitter(emitter -> loop.submit(adapters, tokens, emitter));
    }

    private boolean ranks() {
        return model.context().pooling() == Pooling.RANK;
    }

    static InvalidRequest cannotRank() {
        return new InvalidRequest("this model does not rank documents: use a reranker", "model");
    }

    @Override
    public List<Integer> tokenize(String text, boolean addSpecial) {
        return model.tokenize(text, addSpecial);
    }

    @Override
    public byte[] detokenize(List<Integer> tokens) {
        return model.detokenize(tokens);
    }

    @Override
    public void close() {
        loop.close();
        model.close();
    }

    private static Unsupported cannotGenerate() {
        return new Unsupported("this model makes embeddings; it cannot generate text");
    }
}
