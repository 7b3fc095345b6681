// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.failure.Unsupported;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * An embedding model in this process.
 *
 * <p><b>Owns</b> the model and the embedding loop.
 */
final class EmbeddingEngine implements Engine {

    private final NativeModel model;
    private final EngineFacts facts;
    private final EmbeddingLoop loop;

    EmbeddingEngine(NativeModel model) {
        this.model = model;
        this.facts = model.facts();
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
        return Uni.createFrom().emitter(emitter -> loop.submit(request, emitter));
    }

    @Override
    public List<Integer> tokenize(String text) {
        return model.tokenize(text);
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
