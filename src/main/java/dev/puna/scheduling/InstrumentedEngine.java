// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.RankRequest;
import dev.puna.engine.RankResult;
import dev.puna.failure.Cancelled;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import dev.puna.scheduling.state.SchedulerStateMachine;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The engine as the holders of leases see it: what it does is counted, failures in a row are noticed, and {@link #close()}
 * does nothing, since the scheduler alone ends engines.
 */
final class InstrumentedEngine implements Engine {
    private static final int FAILURES_OF_A_BROKEN_ENGINE = 3;

    private final Engine engine;
    private final String name;
    private final SchedulingEvents events;
    private final BooleanSupplier stopping;
    private final Runnable broken;
    private final Consumer<InsufficientMemory> exhausted;
    private final AtomicInteger failuresInARow = new AtomicInteger();

    /**
     * @param stopping whether the server is shutting down, which then is why work is cancelled
     * @param broken called when the engine is taken to be beyond repair
     * @param exhausted told when it had too little memory to compute
     */
    InstrumentedEngine(
            Engine engine,
            String name,
            SchedulingEvents events,
            BooleanSupplier stopping,
            Runnable broken,
            Consumer<InsufficientMemory> exhausted) {
        this.engine = engine;
        this.name = name;
        this.events = events;
        this.stopping = stopping;
        this.broken = broken;
        this.exhausted = exhausted;
    }

    @Override
    public Multi<GenerationEvent> generate(GenerationRequest request, LongConsumer prepared) {
        return Multi.createFrom().deferred(() -> {
            var answer = new Answer();
            return engine.generate(request, prepared)
                    .onItem()
                    .invoke(answer::observe)
                    .onFailure()
                    .transform(this::failed);
        });
    }

    @Override
    public Uni<EmbeddingResult> embed(EmbeddingRequest request) {
        return engine.embed(request)
                .onItem()
                .invoke(result -> {
                    failuresInARow.set(0);
                    events.embedded(name, result.promptTokens());
                })
                .onFailure()
                .transform(this::failed);
    }

    private Throwable failed(Throwable failure) {
        if (failure instanceof Cancelled && stopping.getAsBoolean()) {
            return SchedulerStateMachine.shuttingDown();
        }
        events.failed(name);
        if (failure instanceof InsufficientMemory lack) {
            exhausted.accept(lack);
        }
        if (failure instanceof NativeFailure && failuresInARow.incrementAndGet() == FAILURES_OF_A_BROKEN_ENGINE) {
            broken.run();
        }
        return failure;
    }

    @Override
    public EngineFacts facts() {
        return engine.facts();
    }

    @Override
    public EngineMemory memory() {
        return engine.memory();
    }

    @Override
    public String render(GenerationRequest request) {
        return engine.render(request);
    }

    @Override
    public Uni<RankResult> rank(RankRequest request) {
        return engine.rank(request)
                .onItem()
                .invoke(result -> {
                    failuresInARow.set(0);
                    events.embedded(name, result.promptTokens());
                })
                .onFailure()
                .transform(this::failed);
    }

    @Override
    public List<Integer> tokenize(String text, boolean addSpecial) {
        return engine.tokenize(text, addSpecial);
    }

    @Override
    public byte[] detokenize(List<Integer> tokens) {
        return engine.detokenize(tokens);
    }

    @Override
    public int count(GenerationRequest request) {
        return engine.count(request);
    }

    /** Does nothing: close the lease. */
    @Override
    public void close() {}

    /** One answer as it passes by. */
    private final class Answer {
        private final long askedAt = System.nanoTime();
        private boolean begun;
        private long lastPiece;
        private long longestGap;

        void observe(GenerationEvent event) {
            if (!(event instanceof GenerationEvent.PromptProgress)) {
                piece(System.nanoTime());
            }
            if (event instanceof GenerationEvent.Finished(var _, var usage, var _, var _, var _)) {
                failuresInARow.set(0);
                events.answered(name, usage.promptTokens(), usage.cachedTokens(), usage.generatedTokens());
                if (usage.generatedTokens() > 1) {
                    var together = usage.stepRows() / (double) usage.generatedTokens();
                    events.streamed(name, together, Duration.ofNanos(longestGap));
                }
                if (usage.guessedTokens() > 0) {
                    events.guessed(name, usage.guessedTokens(), usage.acceptedTokens());
                }
            }
        }

        private void piece(long now) {
            if (begun) {
                longestGap = Math.max(longestGap, now - lastPiece);
            } else {
                begun = true;
                events.firstPiece(name, Duration.ofNanos(now - askedAt));
            }
            lastPiece = now;
        }
    }
}
