// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.FinishReason;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NoEmbeddings;
import dev.puna.support.TestModels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers of a real model: what the prompt, the seed, the format and an earlier prompt make of them. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeEngineTest {

    @RegisterExtension
    static final LoadedEngine MODEL = new LoadedEngine(512, 4);

    @Test
    void a_question_gets_a_sensible_answer_in_whole_words() {
        var answer = MODEL.ask(EngineTests.chat("Name the capital of France.").tokens(24));

        assertThat(answer.text()).contains("Paris");
        assertThat(answer.finished().usage().promptTokens()).isGreaterThan(5);
    }

    @Test
    void the_same_seed_gives_the_same_answer_and_another_seed_another() {
        var first = MODEL.ask(EngineTests.chat("Tell me a story.").seed(7).tokens(24));
        var again = MODEL.ask(EngineTests.chat("Tell me a story.").seed(7).tokens(24));
        var other = MODEL.ask(EngineTests.chat("Tell me a story.").seed(8).tokens(24));

        assertThat(again.text()).isEqualTo(first.text());
        assertThat(other.text()).isNotEqualTo(first.text());
    }

    @Test
    void callers_together_get_what_each_would_get_alone() {
        var prompts = List.of(
                "Name a colour.", "Count to five.", "What is water?", "Who are you?", "Name a fruit.", "Say hello.");
        var alone = prompts.stream()
                .map(prompt -> MODEL.ask(EngineTests.chat(prompt).tokens(12)).text())
                .toList();

        var together = prompts.stream()
                .map(prompt -> CompletableFuture.supplyAsync(
                        () -> MODEL.ask(EngineTests.chat(prompt).tokens(12)).text()))
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
                .mapToObj(i -> MODEL.ask(EngineTests.raw(prompts.get(i)).seed(i).tokens(24))
                        .text())
                .toList();

        var together = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> MODEL.ask(
                                i < 8
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
        MODEL.ask(EngineTests.raw(EngineTests.STORY + "The fox").tokens(1));
        var second = MODEL.ask(EngineTests.raw(EngineTests.STORY + "The river").tokens(1));

        assertThat(second.finished().usage().cachedTokens()).isGreaterThan(300);
        assertThat(second.finished().usage().promptTokens())
                .isGreaterThan(second.finished().usage().cachedTokens());
    }

    @Test
    void an_idle_conversation_leaves_the_cache_to_others_and_comes_back_as_it_was() {
        try (var small = EngineTests.load(TestModels.smolLm2(), 1024, 2)) {
            var question = EngineTests.raw("Chapter one. " + EngineTests.STORY + "The fox")
                    .tokens(6);
            var first = EngineTests.ask(small, question.request());
            for (var i = 0; i < 2; i++) {
                EngineTests.ask(
                        small,
                        EngineTests.raw(i + " interlude. " + EngineTests.STORY)
                                .tokens(1)
                                .request());
            }

            var again = EngineTests.ask(small, question.request());

            assertThat(first.finished().usage().cachedTokens()).isZero();
            assertThat(again.finished().usage().cachedTokens()).isGreaterThan(300);
            assertThat(again.text()).isEqualTo(first.text());
        }
    }

    @Test
    void a_running_sequence_lends_its_beginning_to_another() {
        var running = MODEL.engine()
                .generate(EngineTests.raw(EngineTests.STORY + "And then")
                        .tokens(200)
                        .request())
                .subscribe()
                .asStream()
                .iterator();
        running.next();

        var other = MODEL.ask(EngineTests.raw(EngineTests.STORY + "But then").tokens(1));

        assertThat(other.finished().usage().cachedTokens()).isGreaterThan(300);
        while (running.hasNext()) {
            running.next();
        }
    }

    @Test
    void an_answer_in_json_parses() throws Exception {
        var answer = MODEL.ask(EngineTests.chat("Describe a dog as JSON with name and age.")
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

        var answer = MODEL.ask(EngineTests.chat("Describe a pet.")
                .format(new OutputFormat.Schema(schema))
                .tokens(150));

        var json = new ObjectMapper().readTree(answer.text());
        assertThat(json.get("age").isIntegralNumber()).isTrue();
        assertThat(json.get("kind").asText()).isIn("cat", "dog");
    }

    @Test
    void log_probabilities_come_with_every_token() {
        var answer =
                MODEL.ask(EngineTests.raw("The capital of France is").tokens(4).logprobs(3));

        assertThat(answer.logprobs()).hasSize(4).allSatisfy(item -> {
            assertThat(item.logprob()).isBetween(-20.0, 0.0);
            assertThat(item.alternatives()).hasSize(3);
            assertThat(item.alternatives().getFirst().logprob()).isGreaterThanOrEqualTo(item.logprob());
        });
    }

    @Test
    void the_context_comes_back_as_tokens_of_prompt_and_answer() {
        var answer = MODEL.ask(EngineTests.chat("Say hi.").tokens(4).withContext());

        var next = MODEL.engine().render(EngineTests.after(List.of()).request());
        assertThat(MODEL.engine()
                        .render(EngineTests.after(answer.finished().context()).request()))
                .contains("Say hi.")
                .endsWith(answer.text() + next);
    }

    @Test
    void a_context_with_tokens_of_another_model_is_refused() {
        assertThatThrownBy(() -> MODEL.ask(EngineTests.after(List.of(1, 999_999_999))))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("context holds 999999999, which is no token of this model");
    }

    @Test
    void a_generative_model_refuses_to_embed() {
        assertThatThrownBy(() -> MODEL.engine()
                        .embed(new EmbeddingRequest(List.of("a"), true))
                        .await()
                        .atMost(Duration.ofSeconds(10)))
                .isInstanceOf(NoEmbeddings.class);
    }
}
