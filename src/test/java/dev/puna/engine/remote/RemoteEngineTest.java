// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Loading;
import dev.puna.engine.RankRequest;
import dev.puna.engine.stream.EventStream;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.support.Script;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TestPrompts;
import dev.puna.support.TestRequests;
import dev.puna.support.Waiting;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both ends of the protocol with scripted models: what comes through, and what becomes of calls when an end is gone. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RemoteEngineTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Path WEIGHTS = Path.of("/models/weights.gguf");

    private final ScriptedEngineLoader models = new ScriptedEngineLoader();
    private final ThreadRunners runners = new ThreadRunners(models, (_, _, _, _) -> {});
    private final RemoteEngineLoader loader = new RemoteEngineLoader(runners, Path.of("/nowhere"));

    @AfterEach
    void endAll() {
        runners.started.forEach(ThreadRunners.ThreadRunner::kill);
    }

    @Test
    void an_answer_comes_through_whole_and_in_order() {
        models.answers(Script.answering("Hel", "lo", "!"));

        var events = load().generate(request("Hi")).collect().asList().await().atMost(BOUND);

        assertThat(events)
                .filteredOn(GenerationEvent.Text.class::isInstance)
                .extracting(event -> ((GenerationEvent.Text) event).piece())
                .containsExactly("Hel", "lo", "!");
        assertThat(events.getLast()).isInstanceOf(GenerationEvent.Finished.class);
        assertThat(models.engine().requests()).containsExactly(request("Hi"));
    }

    @Test
    void one_that_keeps_something_is_told_to_end_and_others_are_disconnected() {
        load().close();
        runners.keepSomething();
        load().close();

        assertThat(runners.started)
                .extracting(ThreadRunners.ThreadRunner::wasToldToEnd)
                .containsExactly(false, true);
        assertThat(runners.started).allMatch(ThreadRunners.ThreadRunner::hasEnded);
    }

    @Test
    void what_is_asked_at_once_is_answered_by_the_model() {
        var engine = load();

        assertThat(engine.render(request("Hi"))).contains("Hi");
        assertThat(engine.count(request("one two"))).isEqualTo(models.engine().count(request("one two")));
        assertThat(engine.tokenize("ab", true)).containsExactly(0, (int) 'a', (int) 'b');
        assertThat(engine.detokenize(List.of((int) 'a'))).isEqualTo(new byte[] {'a'});
        assertThat(engine.facts().contextLength()).isEqualTo(512);
        var embedded = engine.embed(new EmbeddingRequest(List.of("a", "b"), true))
                .await()
                .atMost(BOUND);
        assertThat(embedded.embeddings()).hasSize(2);
        var ranked = engine.rank(new RankRequest("q", List.of("a", "bc"), true))
                .await()
                .atMost(BOUND);
        assertThat(ranked.scores()).containsExactly(1f, 2f);
    }

    @Test
    void a_refusal_keeps_its_kind_and_text() {
        var tooLong = new EmbeddingRequest(List.of("x".repeat(1_000)), false);

        assertThatThrownBy(() -> load().embed(tooLong).await().atMost(BOUND))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("the input length exceeds the context length");
    }

    @Test
    void a_reader_who_does_not_read_holds_up_the_model_and_no_other_reader() {
        models.answers(Script.endlessly("a"));
        var engine = load();
        var slow = engine.generate(request("slow")).subscribe().withSubscriber(AssertSubscriber.create(1));
        Waiting.until(BOUND, () -> slow.getItems().size() == 1);

        var quick = engine.generate(request("quick"))
                .select()
                .first(1_000)
                .collect()
                .asList()
                .await()
                .atMost(BOUND);

        assertThat(quick).hasSize(1_000);
        assertThat(slow.getItems()).hasSize(1);
        assertThat(models.engine().emitted()).isLessThan(1_000 + 6 * EventStream.CAPACITY);
        slow.cancel();
    }

    @Test
    void a_cancelled_answer_is_cancelled_at_the_model() {
        models.answers(Script.endlessly("a"));
        var reader = load().generate(request("Hi")).subscribe().withSubscriber(AssertSubscriber.create(5));
        Waiting.until(BOUND, () -> reader.getItems().size() == 5);

        reader.cancel();

        Waiting.until(BOUND, () -> models.engine().cancellations() == 1);
    }

    @Test
    void a_crash_fails_what_runs_with_the_reason_and_is_told() {
        models.answers(Script.endlessly("a"));
        var engine = load();
        var told = new CompletableFuture<Boolean>();
        engine.onDeath(_ -> told.complete(true));
        var reader = readThree(engine);

        runners.started.getFirst().die("SIGABRT (gave up)", "x.c:7: GGML_ASSERT(a == b) failed", "0x0001 in y");
        reader.request(100);

        assertThatThrownBy(() -> reader.awaitFailure(BOUND).assertCompleted()).isNotNull();
        assertThat(reader.getFailure())
                .isInstanceOf(NativeFailure.class)
                .hasMessageStartingWith("model runner has unexpectedly stopped")
                .hasMessageContaining("SIGABRT (gave up): x.c:7: GGML_ASSERT(a == b) failed");
        assertThat(told.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
        assertThatThrownBy(() -> engine.tokenize("a")).isInstanceOf(NativeFailure.class);
    }

    @Test
    void a_crash_for_want_of_memory_is_told_as_that() {
        models.answers(Script.endlessly("a"));
        var engine = load();
        var told = new CompletableFuture<Failure>();
        engine.onDeath(told::complete);
        var reader = readThree(engine);

        runners.started.getFirst().die("SIGABRT (gave up)", "CUDA error: out of memory", "x.cu:98: CUDA error");
        reader.request(100);

        assertThat(reader.awaitFailure(BOUND).getFailure())
                .isInstanceOf(InsufficientMemory.class)
                .hasMessageContaining("ran out of memory and ended with SIGABRT (gave up): CUDA error: out of memory");
        assertThat(told.orTimeout(20, TimeUnit.SECONDS).join()).isInstanceOf(InsufficientMemory.class);
    }

    @Test
    void a_load_that_ends_for_want_of_memory_is_not_counted_as_a_crash() {
        models.loadsOnlyWhenLet();
        for (var i = 0; i < 5; i++) {
            var number = i;
            var load = CompletableFuture.supplyAsync(this::load);
            Waiting.until(BOUND, () -> runners.started.size() == number + 1);

            runners.started.getLast().die("SIGABRT", "terminate called after throwing 'std::bad_alloc'");

            assertThatThrownBy(load::join).hasCauseInstanceOf(InsufficientMemory.class);
        }
    }

    @Test
    void a_process_that_refuses_to_start_has_said_why() {
        models.loadsOnlyWhenLet();
        var load = CompletableFuture.supplyAsync(this::load);
        Waiting.until(BOUND, () -> !runners.started.isEmpty());

        runners.started
                .getFirst()
                .die("exit code 1", "Error: cannot load the native libraries of /lib: they are damaged");

        assertThatThrownBy(load::join)
                .hasRootCauseMessage("cannot load the native libraries of /lib: they are damaged");
    }

    @Test
    void a_process_that_says_nothing_for_long_is_ended() {
        models.answers(Script.endlessly("a"));
        var engine = load();
        var asked = System.nanoTime();
        runners.started.getFirst().saysNothingMore();

        assertThatThrownBy(() -> engine.tokenize("a"))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("it did not answer for 8 s");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void a_process_that_answers_but_never_ends_its_step_is_ended() {
        models.answers(Script.endlessly("a"));
        var engine = load();
        var told = new CompletableFuture<Failure>();
        engine.onDeath(told::complete);
        var reader = readThree(engine);

        runners.started.getFirst().steps.begin(3);
        reader.request(Long.MAX_VALUE);

        assertThat(told.orTimeout(20, TimeUnit.SECONDS).join())
                .isInstanceOf(NativeFailure.class)
                .hasMessageStartingWith("model runner has unexpectedly stopped")
                .hasMessageEndingWith("was ended: it has computed at one step for 3 s");
        assertThat(reader.awaitFailure(BOUND).getFailure()).hasMessageEndingWith("for 3 s");
    }

    @Test
    void closing_ends_the_process_and_what_runs_with_Cancelled() {
        models.answers(Script.endlessly("a"));
        var engine = load();
        var told = new CompletableFuture<Boolean>();
        engine.onDeath(_ -> told.complete(true));
        var reader = engine.generate(request("Hi")).subscribe().withSubscriber(AssertSubscriber.create(500));

        engine.close();
        engine.close();

        assertThat(runners.started.getFirst().hasEnded()).isTrue();
        assertThat(reader.awaitFailure(BOUND).getFailure()).isInstanceOf(Cancelled.class);
        assertThat(told).isNotDone();
    }

    @Test
    void a_load_that_is_cancelled_ends_its_process() {
        models.loadsOnlyWhenLet();
        var loading = Loading.create();
        var load = CompletableFuture.supplyAsync(() -> loader.load(spec(), loading));
        Waiting.until(BOUND, () -> !runners.started.isEmpty());

        loading.cancel();

        assertThatThrownBy(load::join).hasCauseInstanceOf(Cancelled.class);
        assertThat(runners.started.getFirst().hasEnded()).isTrue();
    }

    @Test
    void a_load_that_fails_says_why_and_leaves_no_process() {
        models.failsToLoad(new NativeFailure("cannot load model weights.gguf: it is broken"));

        assertThatThrownBy(this::load).hasMessage("cannot load model weights.gguf: it is broken");

        assertThat(runners.started.getFirst().hasEnded()).isTrue();
    }

    @Test
    void a_process_may_read_the_files_of_its_model_only_and_is_known_to_need_its_memory() {
        load();

        assertThat(runners.started.getFirst().needs)
                .isEqualTo(new RunnerNeeds("tiny", List.of(WEIGHTS), Optional.empty(), 5));
    }

    private Engine load() {
        return loader.load(spec(), Loading.create());
    }

    private static EngineSpec spec() {
        return TestRequests.spec(WEIGHTS, 5);
    }

    private static GenerationRequest request(String text) {
        return TestRequests.of(TestPrompts.conversation(List.of(Message.of("user", text))));
    }

    /** A reader who has taken three events of an answer, and asks for no more. */
    private static AssertSubscriber<GenerationEvent> readThree(Engine engine) {
        var reader = engine.generate(request("Hi")).subscribe().withSubscriber(AssertSubscriber.create(3));
        Waiting.until(BOUND, () -> reader.getItems().size() == 3);
        return reader;
    }
}
