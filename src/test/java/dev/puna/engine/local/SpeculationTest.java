// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.puna.engine.Engine;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.engine.local.EngineTests.Question;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestModels;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Answers with guesses against those without, of a real model whose steps are planned as if a row more cost nothing, so that
 * everything is guessed that can be. Rows of this model are the same to the last bit with any others beside them.
 */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpeculationTest {

    private static final int CONTEXT = 512;
    private static final int SEQUENCES = 3;

    /** How far logarithms of probabilities of two engines may be apart that were asked the same. */
    private static final double ROUNDING = 0.05;

    /** The same of engines that were asked other things before: they have 0.2 between them without guesses, too. */
    private static final double OTHER_ORDER = 0.4;

    private static final String RECIPE =
            "Wash two pounds of red potatoes and cut them into small cubes. Boil them in salted water for"
                    + " twelve minutes, then drain them well. Mix a cup of sour cream with chopped dill, a spoon of mustard and the juice"
                    + " of half a lemon. Pour this over the potatoes while they are warm, and serve them with rye bread.\n";

    private static final List<String> REPEATING = List.of(
            RECIPE + RECIPE + "Wash two pounds of red",
            "red, green, blue, white, red, green, blue, white, red, green,",
            "def area(width, height):\n    return width * height\n\ndef volume(width, height, depth):\n    return width * height * depth\n\n"
                    + "def area(width, height):\n    return width *",
            "{\"name\": \"Ada\", \"age\": 36}\n{\"name\": \"Bob\", \"age\": 41}\n{\"name\": \"Cy\", \"age\": 52}\n{\"name\": \"Ada\", \"age\": 36}\n{\"name\":");

    private static final List<String> OTHERS = List.of(
            "Once upon a time there was a",
            "The three largest cities of Europe are",
            "My favourite colour is",
            "To make bread, first");

    private static Engine guessing;
    private static Engine plain;

    @BeforeAll
    static void load() {
        guessing = engine(7, CONTEXT * SEQUENCES);
        plain = engine(0, CONTEXT * SEQUENCES);
    }

    @AfterAll
    static void close() {
        guessing.close();
        plain.close();
        assertThat(NativeMemory.openOwners()).isZero();
    }

    @Test
    void a_text_that_repeats_its_prompt_is_mostly_guessed_and_is_the_same() {
        for (var prompt : REPEATING) {
            var question = EngineTests.raw(prompt).tokens(70);
            var usage = same(question).finished().usage();

            assertThat(usage.acceptedTokens()).as(prompt).isGreaterThan(usage.generatedTokens() / 3);
            assertThat(usage.guessedTokens()).isGreaterThanOrEqualTo(usage.acceptedTokens());
            assertThat(usage.stepRows()).isEqualTo(usage.generatedTokens());
        }
    }

    @Test
    void any_other_text_is_the_same_too() {
        for (var prompt : OTHERS) {
            same(EngineTests.raw(prompt).tokens(90));
        }
    }

    @Test
    void a_seed_that_is_to_give_the_same_numbers_again_goes_without_guesses() {
        var answer = same(EngineTests.raw(REPEATING.getFirst()).seed(1));

        assertThat(answer.finished().usage().guessedTokens()).isZero();
    }

    @Test
    void a_stop_string_among_tokens_that_were_guessed_ends_the_answer_there() {
        for (var stop : List.of("minutes", "drain them", "chopped", ". Pour", "rye")) {
            var answer = same(EngineTests.raw(REPEATING.getFirst()).tokens(120).stop(stop));

            assertThat(answer.text()).doesNotContain(stop);
            assertThat(answer.finished().reason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void no_more_tokens_come_than_were_asked_for() {
        for (var most = 1; most < 20; most++) {
            var answer = same(EngineTests.raw(REPEATING.getFirst()).tokens(most));

            assertThat(answer.finished().usage().generatedTokens()).isEqualTo(most);
            assertThat(answer.finished().reason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void an_answer_ends_where_the_context_does() {
        var answer = same(EngineTests.raw(REPEATING.get(1)).tokens(5_000).shift(false));

        var usage = answer.finished().usage();
        assertThat(usage.promptTokens() + usage.generatedTokens()).isEqualTo(CONTEXT);
        assertThat(usage.acceptedTokens()).isGreaterThan(300);
    }

    @Test
    void an_answer_goes_on_beyond_the_context() {
        var answer = same(EngineTests.raw(REPEATING.get(1)).tokens(1_200).ignoringEos());

        assertThat(answer.finished().usage().generatedTokens()).isEqualTo(1_200);
        assertThat(answer.finished().usage().acceptedTokens()).isGreaterThan(700);
    }

    @Test
    void a_grammar_is_followed_with_guesses_as_without() {
        var people =
                "[{\"name\":\"Ada\",\"city\":\"London\"},{\"name\":\"Bob\",\"city\":\"Paris\"},{\"name\":\"Cy\",\"city\":\"Rome\"}]";
        var schema = new OutputFormat.Schema(
                "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
                        + "\"city\":{\"type\":\"string\"}},\"required\":[\"name\",\"city\"]}}");
        var answer = same(
                EngineTests.chat("Repeat this exactly: " + people).tokens(80).format(schema));

        assertThat(answer.text()).startsWith("[");
        assertThat(answer.finished().usage().acceptedTokens()).isPositive();
    }

    @Test
    void several_at_a_time_get_what_each_gets_alone() {
        var busy = engine(7, CONTEXT * SEQUENCES);
        try {
            var together = REPEATING.stream()
                    .map(prompt -> EngineTests.raw(prompt).tokens(60).logprobs(2))
                    .map(question -> CompletableFuture.supplyAsync(() -> EngineTests.ask(busy, question.request())))
                    .toList();

            for (var i = 0; i < together.size(); i++) {
                var alone = same(EngineTests.raw(REPEATING.get(i)).tokens(60));
                var answer = together.get(i).orTimeout(60, TimeUnit.SECONDS).join();
                assertAlike(answer.logprobs(), alone.logprobs(), OTHER_ORDER);
            }
        } finally {
            busy.close();
        }
    }

    @Test
    void what_was_guessed_wrong_is_not_left_in_the_cache() {
        for (var prompt : REPEATING) {
            var first = same(EngineTests.raw(prompt).tokens(37));

            var more = EngineTests.raw(prompt + first.text()).tokens(30);
            var usage = same(more).finished().usage();
            assertThat(usage.cachedTokens()).isGreaterThan(usage.promptTokens() - 37);
        }
    }

    @Test
    void an_answer_that_is_left_leaves_a_sound_cache() throws Exception {
        var left = engine(7, CONTEXT * SEQUENCES);
        try {
            for (var pieces = 1; pieces < 12; pieces += 3) {
                var question = EngineTests.raw(REPEATING.getFirst())
                        .tokens(300)
                        .ignoringEos()
                        .logprobs(2);
                leave(left, question, pieces);

                var answer = EngineTests.ask(left, question.tokens(40).request());
                assertAlike(answer.logprobs(), same(question).logprobs(), OTHER_ORDER);
            }
        } finally {
            left.close();
        }
    }

    /** Asks, and goes after so many pieces. */
    private static void leave(Engine engine, Question question, int pieces) throws Exception {
        var begun = new CompletableFuture<Void>();
        var seen = new AtomicInteger();
        var subscription = engine.generate(question.request()).subscribe().with(event -> {
            if (seen.incrementAndGet() == pieces) {
                begun.complete(null);
            }
        });
        begun.get(30, TimeUnit.SECONDS);
        subscription.cancel();
    }

    @Test
    void a_reader_who_takes_one_piece_at_a_time_gets_all_of_them() {
        var question =
                EngineTests.raw(REPEATING.getFirst()).tokens(200).ignoringEos().logprobs(2);
        var logprobs = new ArrayList<TokenLogprob>();
        guessing.generate(question.request())
                .onItem()
                .call(event -> Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofMillis(3)))
                .onItem()
                .invoke(event -> {
                    if (event instanceof GenerationEvent.Text piece) {
                        logprobs.addAll(piece.logprobs());
                    }
                })
                .collect()
                .last()
                .await()
                .atMost(Duration.ofSeconds(60));

        assertThat(logprobs).hasSize(200);
        assertAlike(logprobs, EngineTests.ask(plain, question.request()).logprobs(), ROUNDING);
    }

    @Test
    void sequences_for_which_the_cache_has_no_room_wait_and_come_to_the_same_end() {
        var small = engine(7, CONTEXT);
        try {
            var together = REPEATING.subList(1, 4).stream()
                    .map(prompt -> EngineTests.raw(prompt).tokens(220).ignoringEos())
                    .map(question -> CompletableFuture.supplyAsync(() -> EngineTests.ask(small, question.request())))
                    .toList();

            for (var answer : together) {
                var usage = answer.orTimeout(120, TimeUnit.SECONDS)
                        .join()
                        .finished()
                        .usage();
                assertThat(usage.generatedTokens()).isEqualTo(220);
                assertThat(usage.acceptedTokens()).isPositive();
            }
        } finally {
            small.close();
        }
    }

    /** Asks both engines, and expects the same of them, and no guesses of the one; returns the answer of the other. */
    private static Answer same(Question question) {
        var request = question.logprobs(2).request();
        var with = EngineTests.ask(guessing, request);
        var without = EngineTests.ask(plain, request);

        assertThat(without.finished().usage().guessedTokens()).isZero();
        if (assertAlike(with.logprobs(), without.logprobs(), ROUNDING)) {
            assertThat(with.text()).isEqualTo(without.text());
            assertThat(with.finished().reason()).isEqualTo(without.finished().reason());
            assertThat(with.finished().usage().generatedTokens())
                    .isEqualTo(without.finished().usage().generatedTokens());
        }
        return with;
    }

    /**
     * The same tokens with the same probabilities, but for rounding: what the caches of both engines held before differs, and attention
     * adds up in the order of cells. So where two tokens are as likely as each other, either may come, and the rest is not compared.
     *
     * @param rounding how far logarithms of probabilities may be apart
     * @return whether all of it is the same
     */
    private static boolean assertAlike(List<TokenLogprob> with, List<TokenLogprob> without, double rounding) {
        for (var i = 0; i < Math.min(with.size(), without.size()); i++) {
            var one = with.get(i);
            var other = without.get(i);
            assertThat(one.logprob()).as("%s: %s, %s", i, one, other).isCloseTo(other.logprob(), within(rounding));
            if (!one.token().equals(other.token())) {
                assertThat(one.alternatives())
                        .as("%s: %s, %s", i, one, other)
                        .anySatisfy(tied -> assertThat(tied.token()).isEqualTo(other.token()))
                        .allSatisfy(tied -> assertThat(tied.logprob()).isCloseTo(one.logprob(), within(rounding)));
                return false;
            }
        }
        return true;
    }

    /** {@code guesses} in a step; {@code cells} of the cache. */
    private static Engine engine(int guesses, int cells) {
        var spec = NativeModels.spec(TestModels.smolLm2(), CONTEXT, SEQUENCES, CONTEXT);
        var model = NativeModels.open(spec, cells, guesses);
        return new NativeEngine(model, model.model().chatFormat(), true, () -> {}, new FreeRows());
    }

    /** Thinks that all steps take the same time. */
    private static final class FreeRows extends StepCosts {
        @Override
        void took(int generating, int reading, int cells, long nanos) {
            super.took(generating, reading, cells, 8_000_000);
        }
    }
}
