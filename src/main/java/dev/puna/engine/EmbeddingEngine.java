// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.failure.Unsupported;
import dev.puna.llama.Context;
import dev.puna.llama.LoadedModel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * An embedding model in this process.
 *
 * <p><b>Owns</b> the model, its context and the embedding loop.
 */
final class EmbeddingEngine implements Engine {

    private final LoadedModel model;
    private final Context context;
    private final EngineFacts facts;
    private final EngineMemory memory;
    private final EmbeddingLoop loop;

    EmbeddingEngine(EngineSpec spec, LoadedModel model, Context context) {
        this.model = model;
        this.context = context;
        this.memory = NativeMemoryUse.of(context);
        this.facts = new EngineFacts(
                spec.contextLength(),
                model.trainedContextLength(),
                model.embeddingLength(),
                spec.sequences(),
                true,
                model.chatTemplate().isPresent(),
                model.vocabulary().addsBos());
        this.loop = new EmbeddingLoop(spec.name(), context, model.vocabulary(), spec.contextLength());
        loop.start();
    }

    @Override
    public EngineFacts facts() {
        return facts;
    }

    @Override
    public EngineMemory memory() {
        return memory;
    }

    @Override
    public String render(GenerationRequest request) {
        throw cannotGenerate();
    }

    @Override
    public Multi<GenerationEvent> generate(GenerationRequest request) {
        return Multi.createFrom().failure(EmbeddingEngine::cannotGenerate);
    }

    @Override
    public Uni<EmbeddingResult> embed(EmbeddingRequest request) {
        return Uni.createFrom().emitter(emitter -> loop.submit(request, emitter));
    }

    @Override
    public List<Integer> tokenize(String text) {
        return TokenList.boxed(model.vocabulary().tokenize(text, false, true));
    }

    @Override
    public String detokenize(List<Integer> tokens) {
        return new String(model.vocabulary().bytes(TokenList.unboxed(tokens)), UTF_8);
    }

    @Override
    public int activeRequests() {
        return loop.unfinished();
    }

    @Override
    public void close() {
        loop.close();
        context.close();
        model.close();
    }

    private static Unsupported cannotGenerate() {
        return new Unsupported("this model makes embeddings; it cannot generate text");
    }
}
