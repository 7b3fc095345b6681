// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.Engine;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestModels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of a real model, planned as if they took the time that a function says. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlannedStepsTest {

    private static final int SEQUENCES = 4;
    private static final int CONTEXT = 1024;
    private static final int BATCH = 256;

    private final List<Step> steps = new CopyOnWriteArrayList<>();
    private @Nullable Engine loaded;

    @AfterEach
    void close() {
        if (loaded != null) {
            loaded.close();
        }
        assertThat(NativeMemory.openOwners()).isZero();
    }

    @Test
    void a_stream_goes_on_while_a_long_prompt_is_read_and_waits_a_tenth_of_a_second_at_most() throws Exception {
        var engine = engine(tokens -> 2 + 4 * tokens);
        var stream = begin(
                engine, EngineTests.raw("1, 2, 3,").tokens(60).ignoringEos().request(), 8);

        var reader = EngineTests.ask(
                engine, EngineTests.raw(EngineTests.STORY).tokens(4).request());
        await(stream);

        var beside = steps.stream().filter(step -> step.reading() > 0).skip(1).toList();
        assertThat(beside).hasSizeGreaterThan(reader.finished().usage().promptTokens() / 25);
        assertThat(beside).allSatisfy(step -> assertThat(step.generating()).isEqualTo(1));
        assertThat(beside.subList(3, beside.size()))
                .allSatisfy(step -> assertThat(step.millis()).isLessThan(100));
        assertThat(beside.subList(3, beside.size() - 1))
                .allSatisfy(step -> assertThat(step.millis()).isGreaterThan(75));
    }

    @Test
    void a_prompt_is_read_in_few_steps_where_they_are_fast() throws Exception {
        var engine = engine(tokens -> 8 + 0.05 * tokens);
        var stream = begin(
                engine, EngineTests.raw("1, 2, 3,").tokens(60).ignoringEos().request(), 8);

        EngineTests.ask(engine, EngineTests.raw(EngineTests.STORY).tokens(4).request());
        await(stream);

        assertThat(steps.stream().filter(step -> step.reading() > 0)).hasSizeLessThan(7);
    }

    @Test
    void a_prompt_that_nobody_waits_beside_is_read_in_whole_batches() {
        var engine = engine(tokens -> 2 + 4 * tokens);

        EngineTests.ask(engine, EngineTests.raw(EngineTests.STORY).tokens(4).request());

        assertThat(steps.getFirst()).isEqualTo(new Step(0, BATCH, 2 + 4 * BATCH));
    }

    @Test
    void a_short_prompt_with_a_seed_is_read_as_a_whole_beside_others() throws Exception {
        var engine = engine(tokens -> 2 + 4 * tokens);
        var stream = begin(
                engine, EngineTests.raw("1, 2, 3,").tokens(40).ignoringEos().request(), 4);

        EngineTests.ask(
                engine, EngineTests.raw("word ".repeat(90)).seed(7).tokens(2).request());
        await(stream);

        assertThat(steps.stream().filter(step -> step.generating() == 0).skip(1))
                .singleElement()
                .satisfies(step -> assertThat(step.reading()).isBetween(80, 128));
    }

    @Test
    void streams_take_turns_where_that_is_faster_and_each_has_its_share() throws Exception {
        var engine = engine(SimulatedSteps.CLIFF);
        var answers = four(engine, 40);

        for (var answer : answers) {
            await(answer);
        }

        var generating = steps.stream().filter(step -> step.reading() == 0).toList();
        assertThat(generating.stream().filter(step -> step.generating() == 1).count())
                .isGreaterThan(110);
        assertThat(generating.stream().mapToInt(Step::generating).sum()).isBetween(4 * 38, 4 * 40);
    }

    @Test
    void streams_go_together_where_that_is_faster() throws Exception {
        var engine = engine(SimulatedSteps.FLAT);

        for (var answer : four(engine, 40)) {
            await(answer);
        }

        assertThat(steps.stream().filter(step -> step.generating() == 4).count())
                .isGreaterThan(28);
        assertThat(steps).hasSizeLessThan(60);
    }

    private List<CompletionStage<GenerationEvent>> four(Engine engine, int tokens) {
        return IntStream.range(0, SEQUENCES)
                .mapToObj(i -> EngineTests.raw("Tale " + i + ":").tokens(tokens).ignoringEos())
                .map(question ->
                        engine.generate(question.request()).collect().last().subscribeAsCompletionStage())
                .map(answer -> (CompletionStage<GenerationEvent>) answer)
                .toList();
    }

    /** Begins an answer and waits until so many of its events have come. */
    private CompletionStage<GenerationEvent> begin(Engine engine, GenerationRequest request, int events)
            throws Exception {
        var first = new CompletableFuture<Integer>();
        var seen = new ArrayList<GenerationEvent>();
        var end = new CompletableFuture<GenerationEvent>();
        engine.generate(request)
                .subscribe()
                .with(
                        event -> {
                            seen.add(event);
                            if (seen.size() == events) {
                                first.complete(events);
                            }
                        },
                        end::completeExceptionally,
                        () -> end.complete(seen.getLast()));
        first.get(60, TimeUnit.SECONDS);
        return end;
    }

    private static void await(CompletionStage<GenerationEvent> answer) throws Exception {
        assertThat(answer.toCompletableFuture().get(90, TimeUnit.SECONDS)).isInstanceOf(GenerationEvent.Finished.class);
    }

    private Engine engine(IntToDoubleFunction cost) {
        var model = NativeModels.open(NativeModels.spec(TestModels.smolLm2(), CONTEXT, SEQUENCES, BATCH));
        var engine = new NativeEngine(model, model.model().chatFormat(), true, () -> {}, new Costs(cost));
        loaded = engine;
        return engine;
    }

    private record Step(int generating, int reading, double millis) {}

    /** Is told what steps took, and thinks that they took something else. */
    private final class Costs extends StepCosts {
        private final IntToDoubleFunction cost;

        Costs(IntToDoubleFunction cost) {
            this.cost = cost;
        }

        @Override
        void took(int generating, int reading, int cells, long nanos) {
            var millis = cost.applyAsDouble(generating + reading);
            steps.add(new Step(generating, reading, millis));
            super.took(generating, reading, cells, (long) (millis * 1e6));
        }
    }
}
