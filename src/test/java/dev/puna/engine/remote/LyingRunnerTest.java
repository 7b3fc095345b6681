// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineFacts;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Loading;
import dev.puna.engine.Prompt;
import dev.puna.engine.StepClock;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.Protocol;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.NativeFailure;
import dev.puna.support.Script;
import dev.puna.support.TestRequests;
import dev.puna.support.Waiting;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that does not keep to the protocol is ended, and every call to it fails with a reason. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LyingRunnerTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final EngineMemory MEMORY = new EngineMemory(1, 1, 1, 0);

    private static final FromRunner HELLO = new FromRunner.Hello(Protocol.PROTOCOL_VERSION);

    private final RunnerEnvironment.Threads threads = RunnerEnvironment.real().threads();
    private final List<TalkingRunner> started = Collections.synchronizedList(new ArrayList<>());

    @Test
    void an_answer_of_another_kind() {
        var engine = load(message -> message instanceof ToRunner.Embed(var call, var _)
                ? List.of(new FromRunner.Text(call, "no vector"))
                : List.of());

        isEnded(
                () -> engine.embed(new EmbeddingRequest(List.of("a"), true))
                        .await()
                        .atMost(BOUND),
                "it answered with Text where Embeddings was wanted");
    }

    @Test
    void the_end_of_a_call_that_wants_an_answer() {
        isEnded(
                () -> load(message -> message instanceof ToRunner.Load(var call, var _)
                        ? List.of(new FromRunner.Ended(call))
                        : List.of()),
                "it ended a call without an answer");
    }

    @Test
    void more_events_than_were_asked_for() {
        var engine = load(message -> message instanceof ToRunner.Credit(var call, var events)
                ? Collections.nCopies(events + 1, new FromRunner.Event(call, Script.text("a")))
                : List.of());
        var reader = engine.generate(request()).subscribe().withSubscriber(AssertSubscriber.create(1));

        isEnded(
                () -> failure(reader.awaitItems(1, BOUND).request(500)),
                "it said more of an answer than it was asked for");
    }

    @Test
    void events_after_the_last() {
        var last = Script.finished(FinishReason.STOP, 1);
        var engine = load(message -> message instanceof ToRunner.Credit(var call, var _)
                ? List.of(new FromRunner.Event(call, last), new FromRunner.Event(call, last))
                : List.of());
        var reader = engine.generate(request()).subscribe().withSubscriber(AssertSubscriber.create(500));

        isEnded(() -> failure(reader), "it goes on with an answer that is finished");
        assertThat(reader.getItems()).hasSize(1);
    }

    @Test
    void an_answer_that_ends_before_its_last_event_is_a_failure() {
        var engine = load(message -> message instanceof ToRunner.Credit(var call, var _)
                ? List.of(new FromRunner.Event(call, Script.text("a")), new FromRunner.Ended(call))
                : List.of());
        var reader = engine.generate(request()).subscribe().withSubscriber(AssertSubscriber.create(500));

        assertThatThrownBy(() -> failure(reader))
                .isInstanceOf(NativeFailure.class)
                .hasMessage("the process of the model ended an answer that is not finished");
    }

    @Test
    void one_that_does_not_begin_with_its_version() {
        isEnded(
                () -> load(message -> message instanceof ToRunner.Hello
                        ? List.of(new FromRunner.Pong(0, StepClock.Step.NONE), HELLO)
                        : List.of()),
                "it did not say first which version of this program it is");
    }

    @Test
    void one_that_never_says_anything_is_ended_after_a_minute() {
        var beats = new ManualBeats();
        var load = CompletableFuture.supplyAsync(
                () -> loader(_ -> List.of(), beats, threads).load(spec(), Loading.create()));
        Waiting.until(BOUND, () -> beats.has(Duration.ofSeconds(1)));

        for (var second = 0; second < 60; second++) {
            beats.beat(Duration.ofSeconds(1));
        }
        assertThat(started.getLast().hasEnded()).isFalse();
        beats.beat(Duration.ofSeconds(1));

        isEnded(() -> result(load), "it did not answer for 60 s");
    }

    @Test
    void one_that_is_there_but_never_finds_its_devices_is_ended_after_two() {
        var beats = new ManualBeats();
        var look = CompletableFuture.supplyAsync(
                () -> loader(message -> message instanceof ToRunner.Hello ? List.of(HELLO) : List.of(), beats, threads)
                        .devices());
        Waiting.until(BOUND, () -> beats.has(Duration.ofMinutes(2)));

        beats.beat(Duration.ofMinutes(2));

        isEnded(() -> result(look), "it has not found what there is to compute on within 120 s");
    }

    @Test
    void one_for_which_there_are_no_threads_is_ended() {
        for (var free = 0; free < 2; free++) {
            var left = new AtomicInteger(free);
            var made = new ArrayList<Thread>();
            var loader = loader(_ -> List.of(), new ManualBeats(), (name, work) -> {
                if (left.getAndDecrement() == 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                made.add(threads.unstarted(name, work));
                return made.getLast();
            });

            assertThatThrownBy(() -> loader.load(spec(), Loading.create())).isInstanceOf(OutOfMemoryError.class);

            assertThat(started.getLast().hasEnded()).isTrue();
            Waiting.until(BOUND, () -> made.stream().noneMatch(Thread::isAlive));
        }
    }

    private void isEnded(ThrowingCallable call, String reason) {
        assertThatThrownBy(call).isInstanceOf(NativeFailure.class).hasMessageEndingWith("was ended: " + reason);
        assertThat(started.getLast().hasEnded()).isTrue();
    }

    private static void failure(AssertSubscriber<?> reader) throws Throwable {
        throw reader.awaitFailure(BOUND).getFailure();
    }

    private static <T> T result(CompletableFuture<T> future) throws Throwable {
        try {
            return future.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }

    /** A model that is loaded in a process which keeps to the protocol until then. */
    private Engine load(Function<ToRunner, List<FromRunner>> answers) {
        return loader(
                        message -> {
                            var own = answers.apply(message);
                            return own.isEmpty() ? honest(message) : own;
                        },
                        RunnerEnvironment.real().beats(),
                        threads)
                .load(spec(), Loading.create());
    }

    private static List<FromRunner> honest(ToRunner message) {
        return switch (message) {
            case ToRunner.Hello _ -> List.of(HELLO);
            case ToRunner.Load(var call, var _) ->
                List.of(new FromRunner.Loaded(call, new EngineFacts(512, 1), MEMORY));
            default -> List.of();
        };
    }

    private RemoteEngineLoader loader(
            Function<ToRunner, List<FromRunner>> answers,
            RunnerEnvironment.Beats beats,
            RunnerEnvironment.Threads someThreads) {
        var real = RunnerEnvironment.real();
        return new RemoteEngineLoader(
                _ -> {
                    started.add(new TalkingRunner(answers).begin());
                    return started.getLast();
                },
                Path.of("/nowhere"),
                new RunnerEnvironment(someThreads, real.answers(), real.ends(), beats, real.nanos()));
    }

    private static EngineSpec spec() {
        return TestRequests.spec(Path.of("/models/weights.gguf"), 0);
    }

    private static GenerationRequest request() {
        return TestRequests.of(new Prompt.Raw("Hi"));
    }

    /** Beats when the test says so. */
    private static final class ManualBeats implements RunnerEnvironment.Beats {
        private final List<Beat> all = new CopyOnWriteArrayList<>();

        private record Beat(Duration pause, Runnable work) {}

        @Override
        public Runnable every(Duration pause, Runnable work) {
            var beat = new Beat(pause, work);
            all.add(beat);
            return () -> all.remove(beat);
        }

        boolean has(Duration pause) {
            return all.stream().anyMatch(beat -> beat.pause().equals(pause));
        }

        void beat(Duration pause) {
            all.stream().filter(beat -> beat.pause().equals(pause)).forEach(beat -> beat.work()
                    .run());
        }
    }
}
