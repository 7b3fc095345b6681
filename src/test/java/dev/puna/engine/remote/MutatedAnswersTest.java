// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Loading;
import dev.puna.engine.Prompt;
import dev.puna.engine.StepClock;
import dev.puna.engine.wire.Frames;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.MutatedStream;
import dev.puna.engine.wire.Protocol;
import dev.puna.failure.Failure;
import dev.puna.simulation.Timeline;
import dev.puna.support.Script;
import dev.puna.support.TestRequests;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever the process of a model says, every call ends with an answer or a {@link Failure}, once, and no thread stays.
 * The threads are those of a simulation, so a seed says in which order they go on.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MutatedAnswersTest {
    /** A million by hand. */
    private static final int MUTATIONS = Integer.getInteger("puna.wire.mutations", 5_000);

    private static final int CALLS = 4;
    private static final List<FromRunner> ANSWERS = answers();

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void whatever_is_said_every_call_ends_once() {
        var answered = MutatedStream.tryEach(
                MUTATIONS, ANSWERS, FromRunner.class, CALLS, (seed, bytes) -> new Conversation(seed, bytes).answered());
        assertThat(answered).isBetween(MUTATIONS, 3 * MUTATIONS);
    }

    /** Bytes of the greeting and what is said to the load. */
    private static final int FIRST = Frames.of(ANSWERS.subList(0, 3).toArray()).length;

    /** What is said to a load, a generation, a request for vectors and a count. */
    private static List<FromRunner> answers() {
        var all = new ArrayList<FromRunner>();
        all.add(new FromRunner.Hello(Protocol.PROTOCOL_VERSION));
        all.add(new FromRunner.Progress(1, 0.5));
        all.add(new FromRunner.Loaded(1, new EngineFacts(512, 2), new EngineMemory(1, 2, 3, 0)));
        all.add(new FromRunner.Prepared(2, 100));
        for (var piece : List.of("a", "b", "c")) {
            all.add(new FromRunner.Event(2, Script.text(piece)));
        }
        all.add(new FromRunner.Pong(0, new StepClock.Step(3, 60)));
        all.add(new FromRunner.Embeddings(3, new EmbeddingResult(List.of(new float[] {1, 2}), 3)));
        all.add(new FromRunner.Event(2, Script.finished(FinishReason.STOP, 3)));
        all.add(new FromRunner.Ended(2));
        all.add(new FromRunner.Count(4, 3));
        return List.copyOf(all);
    }

    /** One load with three calls after it, all of which the process answers as soon as it is asked for the last. */
    private static final class Conversation {
        private final Timeline timeline;
        private final SpeakingRunner runner;
        private final List<Object> ends = new ArrayList<>();
        private final AssertSubscriber<Object> reader = AssertSubscriber.create(100);

        Conversation(long seed, byte[] bytes) {
            timeline = new Timeline(new Random(seed));
            runner = new SpeakingRunner(timeline, new Random(seed), bytes, FIRST);
            var loader = SimulatedRunners.loader(_ -> runner, timeline, () -> false);
            timeline.start("runner", runner::speak);
            timeline.start("caller", () -> call(loader));
            timeline.pass(Duration.ofMinutes(3));
            timeline.start("close", runner::kill);
            timeline.pass(Duration.ofMinutes(3));
        }

        private void call(EngineLoader loader) {
            try {
                var engine = loader.load(spec(), Loading.create());
                ends.add(engine.facts());
                engine.generate(request()).subscribe().withSubscriber(reader);
                engine.embed(new EmbeddingRequest(List.of("a"), true))
                        .subscribe()
                        .with(ends::add, ends::add);
                ends.add(engine.count(request()));
            } catch (RuntimeException failed) {
                ends.add(failed);
            }
        }

        int answered() {
            assertThat(timeline.alive()).isEmpty();
            assertThat(timeline.uncaught()).isEmpty();
            if (ends.getFirst() instanceof EngineFacts) {
                assertThat(ends).hasSize(3);
                assertThat(reader.hasCompleted() || reader.getFailure() instanceof Failure)
                        .as("%s", reader.getFailure())
                        .isTrue();
            } else {
                assertThat(ends).hasSize(1);
            }
            var failures = ends.stream().filter(Throwable.class::isInstance).toList();
            assertThat(failures).allSatisfy(failure -> assertThat(failure).isInstanceOf(Failure.class));
            return ends.size() - failures.size();
        }
    }

    private static EngineSpec spec() {
        return TestRequests.spec(Path.of("/models/weights.gguf"), 0);
    }

    private static GenerationRequest request() {
        return TestRequests.of(new Prompt.Raw("Hi"));
    }
}
