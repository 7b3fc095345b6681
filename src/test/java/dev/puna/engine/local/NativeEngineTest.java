// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.chat.Message;
import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.Engine;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.ContextExceeded;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NoEmbeddings;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One real model, loaded once. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeEngineTest {

    private static final String STORY =
            "Once upon a time there was a fox who lived in the old forest near the river. ".repeat(20);

    private static @Nullable Engine loaded;

    @BeforeAll
    static void loadModel() {
        loaded = EngineTests.load(TestModels.smolLm2(), 512, 4);
    }

    @AfterAll
    static void unloadModel() {
        if (loaded != null) {
            loaded.close();
        }
        assertThat(NativeMemory.openOwners()).isZero();
    }

    @Test
    void a_question_gets_a_sensible_answer_in_whole_words() {
        var answer = ask(EngineTests.chat("Name the capital of France.").tokens(24));

        assertThat(answer.text()).contains("Paris");
        assertThat(answer.finished().usage().promptTokens()).isGreaterThan(5);
    }

    @Test
    void the_same_seed_gives_the_same_answer_and_another_seed_another() {
        var first = ask(EngineTests.chat("Tell me a story.").seed(7).tokens(24));
        var again = ask(EngineTests.chat("Tell me a story.").seed(7).tokens(24));
        var other = ask(EngineTests.chat("Tell me a story.").seed(8).tokens(24));

        assertThat(again.text()).isEqualTo(first.text());
        assertThat(other.text()).isNotEqualTo(first.text());
    }

    @Test
    void callers_together_get_what_each_would_get_alone() {
        var prompts = List.of(
                "Name a colour.", "Count to five.", "What is water?", "Who are you?", "Name a fruit.", "Say hello.");
        var alone = prompts.stream()
                .map(prompt -> ask(EngineTests.chat(prompt).tokens(12)).text())
                .toList();

        var together = prompts.stream()
                .map(prompt -> CompletableFuture.supplyAsync(
                        () -> ask(EngineTests.chat(prompt).tokens(12)).text()))
                .toList();

        // Batches of another shape round differently, so a few later words may differ; the beginnings do not.
        for (var i = 0; i < prompts.size(); i++) {
            assertThat(together.get(i).orTimeout(60, TimeUnit.SECONDS).join())
                    .startsWith(alone.get(i).substring(0, 3));
        }
    }

    @Test
    void callers_with_seeds_get_beside_others_what_each_would_get_alone() {
        var prompts = List.of("Rivers bend because", "The best colour is", "A story: long ago", "My name is not");
        var alone = IntStream.range(0, prompts.size())
                .mapToObj(i ->
                        ask(EngineTests.raw(prompts.get(i)).seed(i).tokens(24)).text())
                .toList();

        var together = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(i < 8
                                ? EngineTests.raw(prompts.get(i % 4))
                                        .seed(i % 4)
                                        .tokens(24)
                                : EngineTests.raw(i + " is a number").tokens(24))
                        .text()))
                .toList();

        for (var i = 0; i < 8; i++) {
            assertThat(together.get(i).orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(alone.get(i % 4));
        }
        together.forEach(CompletableFuture::join);
    }

    @Test
    void the_beginning_of_an_earlier_prompt_is_not_decoded_again() {
        ask(EngineTests.raw(STORY + "The fox").tokens(1));
        var second = ask(EngineTests.raw(STORY + "The river").tokens(1));

        assertThat(second.finished().usage().cachedTokens()).isGreaterThan(300);
        assertThat(second.finished().usage().promptTokens())
                .isGreaterThan(second.finished().usage().cachedTokens());
    }

    @Test
    void an_idle_conversation_leaves_the_cache_to_others_and_comes_back_as_it_was() {
        try (var small = EngineTests.load(TestModels.smolLm2(), 1024, 2)) {
            var question = EngineTests.raw("Chapter one. " + STORY + "The fox").tokens(6);
            var first = EngineTests.ask(small, question.request());
            for (var i = 0; i < 2; i++) {
                EngineTests.ask(
                        small,
                        EngineTests.raw(i + " interlude. " + STORY).tokens(1).request());
            }

            var again = EngineTests.ask(small, question.request());

            assertThat(first.finished().usage().cachedTokens()).isZero();
            assertThat(again.finished().usage().cachedTokens()).isGreaterThan(300);
            assertThat(again.text()).isEqualTo(first.text());
        }
    }

    @Test
    void a_running_sequence_lends_its_beginning_to_another() {
        var running = engine().generate(
                        EngineTests.raw(STORY + "And then").tokens(200).request())
                .subscribe()
                .asStream()
                .iterator();
        running.next();

        var other = ask(EngineTests.raw(STORY + "But then").tokens(1));

        assertThat(other.finished().usage().cachedTokens()).isGreaterThan(300);
        while (running.hasNext()) {
            running.next();
        }
    }

    @Test
    void a_stop_string_ends_the_answer_and_is_not_part_of_it() {
        var answer = ask(EngineTests.raw("1, 2, 3, 4, 5,").stop("8").tokens(40));

        assertThat(answer.text()).contains("7").doesNotContain("8");
        assertThat(answer.finished().reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void the_number_of_tokens_asked_for_is_the_most_that_come() {
        var answer = ask(EngineTests.raw("1, 2, 3,").tokens(5));

        assertThat(answer.finished().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.finished().usage().generatedTokens()).isEqualTo(5);
    }

    @Test
    void zero_and_less_set_no_limit_to_the_number_of_tokens() {
        for (var most : List.of(0, -1, -2)) {
            var answer = ask(EngineTests.raw("1, 2, 3,").stop("12").tokens(most));

            assertThat(answer.text()).contains("4, 5, 6").contains("11, ");
            assertThat(answer.finished().reason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void a_full_context_ends_the_answer_when_it_may_not_shift() {
        var answer = ask(EngineTests.raw("1, 2, 3, 4, 5, 6,").tokens(2000).shift(false));

        assertThat(answer.finished().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.finished().usage().generatedTokens()).isBetween(400, 512);
    }

    @Test
    void a_full_context_drops_its_older_half_and_goes_on_when_it_may_shift() {
        var answer = ask(EngineTests.raw("1, 2, 3, 4, 5, 6,").tokens(700));

        assertThat(answer.finished().usage().generatedTokens()).isEqualTo(700);
    }

    @Test
    void a_prompt_longer_than_the_context_loses_its_middle_and_says_so() {
        var answer = ask(EngineTests.raw(STORY.repeat(3)).tokens(4));

        assertThat(answer.finished().truncated()).isTrue();
        assertThat(answer.finished().usage().promptTokens()).isLessThan(512);
    }

    @Test
    void a_prompt_longer_than_the_context_is_refused_when_it_may_not_be_cut() {
        assertThatThrownBy(() -> ask(EngineTests.raw(STORY.repeat(3)).truncate(false)))
                .isInstanceOf(ContextExceeded.class)
                .hasMessageEndingWith("and the context takes 512");
    }

    @Test
    void a_long_conversation_loses_its_oldest_turns_but_neither_the_system_text_nor_the_last() {
        var messages = new ArrayList<Message>();
        messages.add(Message.of("system", "Answer in one word."));
        for (var i = 0; i < 40; i++) {
            messages.add(
                    Message.of(i % 2 == 0 ? "user" : "assistant", "This is turn number " + i + " of a long talk."));
        }
        messages.add(Message.of("user", "Last question."));

        var rendered = engine().render(EngineTests.conversation(messages).request());

        assertThat(rendered)
                .contains("Answer in one word.", "turn number 39", "Last question.")
                .doesNotContain("turn number 0 ");
    }

    @Test
    void an_answer_in_json_parses() throws Exception {
        var answer = ask(EngineTests.chat("Describe a dog as JSON with name and age.")
                .format(new OutputFormat.Json())
                .tokens(200));

        if (answer.finished().reason() == FinishReason.STOP) {
            assertThat(new ObjectMapper().readTree(answer.text()).isObject()).isTrue();
        }
        assertThat(answer.text()).startsWith("{");
    }

    @Test
    void an_answer_by_schema_satisfies_it() throws Exception {
        var schema =
                "{\"type\":\"object\",\"properties\":{\"age\":{\"type\":\"integer\"},\"kind\":{\"enum\":[\"cat\",\"dog\"]}},"
                        + "\"required\":[\"age\",\"kind\"],\"additionalProperties\":false}";

        var answer = ask(EngineTests.chat("Describe a pet.")
                .format(new OutputFormat.Schema(schema))
                .tokens(150));

        var json = new ObjectMapper().readTree(answer.text());
        assertThat(json.get("age").isIntegralNumber()).isTrue();
        assertThat(json.get("kind").asText()).isIn("cat", "dog");
    }

    @Test
    void log_probabilities_come_with_every_token() {
        var answer = ask(EngineTests.raw("The capital of France is").tokens(4).logprobs(3));

        assertThat(answer.logprobs()).hasSize(4).allSatisfy(item -> {
            assertThat(item.logprob()).isBetween(-20.0, 0.0);
            assertThat(item.alternatives()).hasSize(3);
            assertThat(item.alternatives().getFirst().logprob()).isGreaterThanOrEqualTo(item.logprob());
        });
    }

    @Test
    void the_context_comes_back_as_tokens_of_prompt_and_answer() {
        var answer = ask(EngineTests.chat("Say hi.").tokens(4).withContext());

        var next = engine().render(EngineTests.after(List.of()).request());
        assertThat(engine().render(
                                EngineTests.after(answer.finished().context()).request()))
                .contains("Say hi.")
                .endsWith(answer.text() + next);
    }

    @Test
    void a_context_with_tokens_of_another_model_is_refused() {
        assertThatThrownBy(() -> ask(EngineTests.after(List.of(1, 999_999_999))))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("context holds 999999999, which is no token of this model");
    }

    @Test
    void a_cancelled_stream_frees_its_sequence_within_a_tenth_of_a_second() throws Exception {
        var first = new CompletableFuture<GenerationEvent>();
        var subscription = engine().generate(
                        EngineTests.raw("1, 2, 3,").tokens(100_000).request())
                .subscribe()
                .with(first::complete, first::completeExceptionally);
        first.get(30, TimeUnit.SECONDS);

        subscription.cancel();

        assertThat(EngineTests.untilActive(engine(), 0)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void a_cancelled_long_prompt_frees_its_sequence_within_a_tenth_of_a_second() throws Exception {
        var subscription = engine().generate(EngineTests.raw("Unheard words. " + STORY.substring(0, 1400))
                        .request())
                .subscribe()
                .with(event -> {});
        Thread.sleep(60);

        subscription.cancel();

        assertThat(EngineTests.untilActive(engine(), 0)).isLessThan(Duration.ofMillis(100));
        assertThat(ask(EngineTests.chat("Name the capital of France.").tokens(24))
                        .text())
                .contains("Paris");
    }

    @Test
    void a_reader_who_does_not_read_slows_only_itself() {
        var slow = engine().generate(EngineTests.raw("1, 2, 3,").tokens(400).request())
                .subscribe()
                .withSubscriber(new EngineTests.Idle());

        var quick = ask(EngineTests.raw("a, b, c,").tokens(150));

        assertThat(quick.finished().usage().generatedTokens()).isEqualTo(150);
        assertThat(EngineTests.untilActive(engine(), 1)).isLessThan(Duration.ofSeconds(1));
        slow.cancel();
        assertThat(EngineTests.untilActive(engine(), 0)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void more_callers_than_sequences_are_served_one_after_another() {
        var answers = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> ask(EngineTests.raw("Number " + i + ":").tokens(8))))
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.orTimeout(60, TimeUnit.SECONDS)
                        .join()
                        .finished()
                        .usage()
                        .generatedTokens())
                .isPositive());
    }

    @Test
    void a_generative_model_refuses_to_embed() {
        assertThatThrownBy(() -> engine().embed(new EmbeddingRequest(List.of("a"), true))
                        .await()
                        .atMost(Duration.ofSeconds(10)))
                .isInstanceOf(NoEmbeddings.class);
    }

    @Test
    void closing_ends_running_streams_and_gives_everything_back() {
        // What an earlier test cancelled may be on its way out.
        assertThat(EngineTests.untilActive(engine(), 0)).isLessThan(Duration.ofSeconds(5));
        var before = NativeMemory.openOwners();
        var other = EngineTests.load(TestModels.smolLm2(), 256, 2);
        var stream = other.generate(EngineTests.raw("1, 2, 3,").tokens(100_000).request());
        var ended = new CompletableFuture<Throwable>();
        var started = new CompletableFuture<GenerationEvent>();
        stream.subscribe().with(started::complete, ended::complete);
        started.orTimeout(30, TimeUnit.SECONDS).join();

        other.close();
        other.close();

        assertThat(ended.orTimeout(10, TimeUnit.SECONDS).join()).isInstanceOf(Cancelled.class);
        assertThat(NativeMemory.openOwners()).isEqualTo(before);
    }

    @Test
    void sequences_that_together_overflow_the_cache_all_finish() {
        // 512 cells in all for 4 sequences of up to 512 tokens.
        var answers = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> ask(EngineTests.raw("Tale " + i + ": " + STORY.substring(0, 600 + i))
                                .tokens(150))))
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.orTimeout(90, TimeUnit.SECONDS)
                        .join()
                        .finished()
                        .usage()
                        .generatedTokens())
                .isPositive());
    }

    private static Answer ask(EngineTests.Question question) {
        return EngineTests.ask(engine(), question.request());
    }

    private static Engine engine() {
        return requireNonNull(loaded, "the model is not loaded");
    }
}
