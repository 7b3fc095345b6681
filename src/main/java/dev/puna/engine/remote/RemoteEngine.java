// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.RankRequest;
import dev.puna.engine.RankResult;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Failure;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A model in a process of its own.
 *
 * <p><b>Owns</b> the process. <b>Threads:</b> any.
 */
final class RemoteEngine implements Engine {
    private final RunnerChannel channel;
    private final EngineFacts facts;
    private final EngineMemory memory;

    RemoteEngine(RunnerChannel channel, FromRunner.Loaded loaded) {
        this.channel = channel;
        this.facts = loaded.facts();
        this.memory = loaded.memory();
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
    public void onDeath(Consumer<Failure> action) {
        channel.onDeath(action);
    }

    @Override
    public String render(GenerationRequest request) {
        return ask(FromRunner.Text.class, call -> new ToRunner.Render(call, request))
                .text();
    }

    @Override
    public int count(GenerationRequest request) {
        return Math.toIntExact(ask(FromRunner.Count.class, call -> new ToRunner.Count(call, request))
                .number());
    }

    @Override
    public Multi<GenerationEvent> generate(GenerationRequest request, LongConsumer prepared) {
        // Operators of Mutiny keep references to their sources, so this one drops its reference to the request.
        var once = new AtomicReference<@Nullable GenerationRequest>(request);
        return Multi.createFrom()
                .publisher(subscriber -> RemoteGeneration.start(
                        channel,
                        requireNonNull(once.getAndSet(null), "a generation is subscribed to once"),
                        prepared,
                        subscriber));
    }

    @Override
    public Uni<EmbeddingResult> embed(EmbeddingRequest request) {
        return later(FromRunner.Embeddings.class, call -> new ToRunner.Embed(call, request))
                .map(FromRunner.Embeddings::result);
    }

    @Override
    public Uni<RankResult> rank(RankRequest request) {
        return later(FromRunner.Ranks.class, call -> new ToRunner.Rank(call, request))
                .map(FromRunner.Ranks::result);
    }

    @Override
    public List<Integer> tokenize(String text, boolean addSpecial) {
        return ask(FromRunner.Tokens.class, call -> new ToRunner.Tokenize(call, text, addSpecial))
                .tokens();
    }

    @Override
    public byte[] detokenize(List<Integer> tokens) {
        return ask(FromRunner.Bytes.class, call -> new ToRunner.Detokenize(call, tokens))
                .bytes();
    }

    @Override
    public void close() {
        channel.close();
    }

    private <T extends FromRunner> T ask(Class<T> kind, LongFunction<ToRunner> message) {
        return PendingAnswer.ask(channel, kind, message).await();
    }

    private <T extends FromRunner> Uni<T> later(Class<T> kind, LongFunction<ToRunner> message) {
        return Uni.createFrom()
                .completionStage(() -> PendingAnswer.ask(channel, kind, message).future());
    }
}
