// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.puna.failure.NativeFailure;
import dev.puna.llama.settings.Grammar;
import dev.puna.llama.settings.SamplerSettings;
import dev.puna.support.TestModels;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(120)
class GenerationTest {
    private static final String QUESTION = "<|im_start|>user\nName a colour.<|im_end|>\n<|im_start|>assistant\n";

    private static LoadedModel model;
    private static Context context;

    @BeforeAll
    static void open() {
        model = TestLlama.open(TestModels.smolLm2());
        context = TestLlama.context(model, 256, 2, 128);
    }

    @AfterAll
    static void close() {
        context.close();
        model.close();
    }

    @Test
    void the_likeliest_tokens_make_sense() {
        assertThat(generate(TestLlama.greedy(), "The capital of France is", 4)).contains("Paris");
    }

    @Test
    void the_same_seed_gives_the_same_text_and_others_give_others() {
        var texts = IntStream.of(1, 1, 2, 3)
                .mapToObj(seed -> generate(TestLlama.seeded(seed), "Once upon a time", 16))
                .toList();

        assertThat(texts.get(0)).isEqualTo(texts.get(1));
        assertThat(texts.subList(1, 4)).doesNotHaveDuplicates();
    }

    @Test
    void a_seed_is_taken_whole_or_by_its_lower_bits_but_never_refused() {
        for (long seed : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(generate(TestLlama.seeded(seed), "Once upon a time", 2)).isNotEmpty();
        }
    }

    @Test
    void without_a_seed_texts_differ() {
        var settings = TestLlama.options(OptionalLong.empty(), 1.5f, 0, Optional.empty());

        assertThat(generate(settings, "Once upon a time", 24)).isNotEqualTo(generate(settings, "Once upon a time", 24));
    }

    @Test
    void one_candidate_leaves_no_choice() {
        var likeliest = generate(TestLlama.greedy(), "Once upon a time", 12);

        assertThat(generate(TestLlama.options(OptionalLong.of(5), 1.5f, 1, Optional.empty()), "Once upon a time", 12))
                .isEqualTo(likeliest);
        assertThat(generate(filters(0, 0, 1), "Once upon a time", 12)).isEqualTo(likeliest);
        assertThat(generate(filters(1, 1, 1), "Once upon a time", 12)).isEqualTo(likeliest);
    }

    @Test
    void a_temperature_too_small_to_divide_by_means_the_likeliest_token() {
        var tiny = TestLlama.options(OptionalLong.of(5), Float.MIN_VALUE, 40, Optional.empty());

        assertThat(generate(tiny, "Once upon a time", 12))
                .isEqualTo(generate(TestLlama.greedy(), "Once upon a time", 12));
    }

    @Test
    void options_beyond_their_ranges_still_give_text() {
        assertThat(generate(filters(2, -1, 2), "Once upon a time", 4)).isNotEmpty();
        assertThat(generate(filters(-1, 5, -1), "Once upon a time", 4)).isNotEmpty();
        assertThat(generate(penalties(Float.MIN_VALUE, 3e38f, 3e38f, -5), "Once upon a time", 4))
                .isNotNull();
        assertThat(generate(penalties(3e38f, -3e38f, -3e38f, Integer.MAX_VALUE), "Once upon a time", 4))
                .isNotNull();
    }

    @Test
    void penalties_end_a_repetition() {
        var prompt = "one two one two one two one two one two one two";

        var repetition = generate(TestLlama.greedy(), prompt, 4);

        assertThat(repetition).contains(" two two");
        assertThat(generate(penalties(5, 0, 0, -1), prompt, 4)).doesNotContain(" one", " two");
        assertThat(generate(penalties(1, 30, 0, 64), prompt, 4)).doesNotContain(" one", " two");
        assertThat(generate(penalties(1, 0, 30, 64), prompt, 4)).doesNotContain(" one", " two");
        assertThat(generate(penalties(5, 0, 0, 0), prompt, 4)).isEqualTo(repetition);
    }

    @Test
    void an_answer_ends_with_a_token_that_has_no_text() {
        assertThat(generate(TestLlama.greedy(), QUESTION, 100))
                .doesNotContain("<|im_end|>")
                .hasSizeLessThan(400);
    }

    @Test
    void log_probabilities_come_with_their_alternatives_best_first() {
        var tokens = model.vocabulary().tokenize("The capital of France is", true, true);
        try (var sampler = model.sampler(TestLlama.greedy());
                var batch = context.batch(32)) {
            context.clear();
            for (int i = 0; i < tokens.length; i++) {
                batch.add(tokens[i], i, 0, i == tokens.length - 1);
            }
            int row = batch.sample(tokens.length - 1, sampler, 20);
            assertThat(context.step(batch)).isEqualTo(StepOutcome.DONE);

            var logprobs = batch.topLogprobs(row);

            assertThat(new String(batch.piece(row), UTF_8)).isEqualTo(" Paris");
            assertThat(batch.failure(row)).isEmpty();
            assertThat(batch.end(row)).isFalse();
            assertThat(batch.topTokens(row)).hasSize(20).doesNotHaveDuplicates().startsWith(batch.token(row));
            assertThat(logprobs).hasSize(20).startsWith(batch.logprob(row));
            assertThat(logprobs).isSortedAccordingTo((one, other) -> Float.compare(other, one));
            assertThat(sumOfProbabilities(logprobs)).isBetween(0.5, 1.0001);
        }
    }

    @Test
    void every_sequence_has_a_sampler_and_a_row_of_its_own() {
        var vocabulary = model.vocabulary();
        var alone = generate(TestLlama.greedy(), "The capital of France is", 1);
        try (var one = model.sampler(TestLlama.greedy());
                var other = model.sampler(TestLlama.greedy(Grammar.of("root ::= \" Rome\"")));
                var batch = context.batch(64)) {
            context.clear();
            for (int sequence = 0; sequence < 2; sequence++) {
                var tokens = vocabulary.tokenize("The capital of France is", true, true);
                int index = -1;
                for (int i = 0; i < tokens.length; i++) {
                    index = batch.add(tokens[i], i, sequence, i == tokens.length - 1);
                }
                batch.sample(index, sequence == 0 ? one : other, 0);
            }
            assertThat(context.step(batch)).isEqualTo(StepOutcome.DONE);

            assertThat(new String(batch.piece(0), UTF_8)).isEqualTo(alone);
            assertThat(" Rome").startsWith(new String(batch.piece(1), UTF_8));
            assertThat(batch.logprob(0)).isGreaterThan(batch.logprob(1));
            assertThat(batch.topTokens(0)).isEmpty();
        }
    }

    @Test
    void the_same_tokens_in_pieces_give_the_same_logits() {
        var tokens = model.vocabulary().tokenize("The quick brown fox jumps over the lazy", true, true);

        assertThat(logprobAfter(tokens, tokens.length)).isCloseTo(logprobAfter(tokens, 3), within(0.05f));
    }

    @Test
    void a_row_that_cannot_be_sampled_says_why_and_the_other_rows_are_as_good_as_ever() {
        var trigger = "{\"grammar\": \"root ::= \\\"x\\\"\", \"grammar_lazy\": true,"
                + " \"grammar_triggers\": [{\"type\": \"word\", \"value\": \"Paris\"}]}";
        try (var broken = model.sampler(TestLlama.greedy(Grammar.ofChatFormat(trigger)));
                var healthy = model.sampler(TestLlama.greedy());
                var batch = context.batch(64)) {
            context.clear();
            var tokens = model.vocabulary().tokenize("The capital of France is", true, true);
            for (int sequence = 0; sequence < 2; sequence++) {
                for (int i = 0; i < tokens.length; i++) {
                    int index = batch.add(tokens[i], i, sequence, i == tokens.length - 1);
                    if (i == tokens.length - 1) {
                        batch.sample(index, sequence == 0 ? broken : healthy, 3);
                    }
                }
            }
            assertThat(context.step(batch)).isEqualTo(StepOutcome.DONE);

            assertThat(batch.failure(0))
                    .hasValueSatisfying(reason -> assertThat(reason).isNotBlank());
            assertThat(batch.token(0)).isEqualTo(-1);
            assertThat(batch.end(0)).isTrue();
            assertThat(batch.piece(0)).isEmpty();
            assertThat(batch.topTokens(0)).isEmpty();
            assertThat(batch.topLogprobs(0)).isEmpty();
            assertThat(batch.failure(1)).isEmpty();
            assertThat(new String(batch.piece(1), UTF_8)).isEqualTo(" Paris");

            batch.clear();
            batch.sample(batch.add(tokens[0], tokens.length, 1, true), healthy, -1);
            assertThat(context.step(batch)).isEqualTo(StepOutcome.DONE);
            assertThat(batch.failure(0)).isEmpty();
        }
    }

    @Test
    void a_full_cache_has_no_room_and_loses_nothing() {
        int cells = context.cells();
        try (var sampler = model.sampler(TestLlama.greedy());
                var batch = context.batch(128)) {
            context.clear();
            var tokens = new int[128];
            Arrays.fill(tokens, 28);
            for (int from = 0; from < cells; from += 128) {
                assertThat(TestLlama.fill(context, batch, 0, from, tokens)).isEqualTo(StepOutcome.DONE);
            }

            batch.clear();
            batch.sample(batch.add(28, cells, 0, true), sampler, -1);
            assertThat(context.step(batch)).isEqualTo(StepOutcome.NO_ROOM);
            assertThatThrownBy(() -> batch.token(0)).isInstanceOf(IndexOutOfBoundsException.class);

            assertThat(context.remove(0, cells - 10, -1)).isTrue();
            batch.clear();
            batch.sample(batch.add(28, cells - 10, 0, true), sampler, -1);
            assertThat(context.step(batch)).isEqualTo(StepOutcome.DONE);
        }
    }

    @Test
    void what_would_abort_the_process_is_refused_before() {
        try (var sampler = model.sampler(TestLlama.greedy());
                var batch = context.batch(8)) {
            context.clear();
            assertThatThrownBy(() -> context.step(batch)).hasMessage("a batch of 0 tokens, where 1 to 128 can be");
            assertThatThrownBy(() -> context.batch(129)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> context.batch(0)).isInstanceOf(IllegalArgumentException.class);

            assertThatThrownBy(() -> batch.add(1, 0, 2, false)).hasMessage("sequence 2 is not one of 2");
            assertThatThrownBy(() -> batch.add(1, 0, -1, false)).hasMessage("sequence -1 is not one of 2");
            assertThatThrownBy(() -> batch.add(1, -1, 0, false)).hasMessage("position -1 is negative");
            int plain = batch.add(1, 0, 0, false);
            assertThatThrownBy(() -> batch.sample(plain, sampler, -1)).hasMessageContaining("without output");
            assertThatThrownBy(() -> batch.sample(1, sampler, -1)).isInstanceOf(IndexOutOfBoundsException.class);

            int output = batch.add(1, 1, 0, true);
            assertThatThrownBy(() -> batch.sample(output, sampler, 21)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> batch.sample(output, sampler, -2)).isInstanceOf(IllegalArgumentException.class);

            batch.add(1, 2, 0, true);
            batch.add(1, 3, 0, true);
            assertThatThrownBy(() -> context.step(batch)).hasMessage("3 outputs, where at most 2 can be");
            for (int i = batch.size(); i < batch.capacity(); i++) {
                batch.add(1, i, 0, false);
            }
            assertThatThrownBy(() -> batch.add(1, 9, 0, false)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void what_belongs_to_another_model_is_refused() {
        try (var other = TestLlama.openVocabulary(TestModels.gemma());
                var foreign = other.sampler(TestLlama.greedy());
                var batch = context.batch(8)) {
            int index = batch.add(1, 0, 0, true);

            assertThatThrownBy(() -> batch.sample(index, foreign, -1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the sampler belongs to another model");
        }
    }

    @Test
    void one_sampler_cannot_serve_two_rows_of_a_step() {
        try (var sampler = model.sampler(TestLlama.greedy());
                var batch = context.batch(8)) {
            context.clear();
            batch.sample(batch.add(1, 0, 0, true), sampler, -1);
            batch.sample(batch.add(1, 0, 1, true), sampler, -1);

            assertThatThrownBy(() -> context.step(batch))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Sampler is in use");
        }
    }

    @Test
    void a_token_that_does_not_exist_fails_with_llama_cpps_words() {
        try (var batch = context.batch(8)) {
            context.clear();
            batch.add(model.vocabulary().size(), 0, 0, false);
            assertThatThrownBy(() -> context.step(batch))
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageContaining("cannot decode 1 tokens with SmolLM2")
                    .hasMessageContaining("invalid token");

            batch.clear();
            batch.add(1, 0, 0, false);
            assertThat(context.step(batch)).isEqualTo(StepOutcome.DONE);

            batch.clear();
            batch.add(1, 5, 0, false);
            assertThatThrownBy(() -> context.step(batch))
                    .isInstanceOf(NativeFailure.class)
                    .message()
                    .contains("position")
                    .doesNotContain("invalid token");
        }
    }

    private static String generate(SamplerSettings settings, String prompt, int most) {
        return TestLlama.generate(model, context, settings, prompt, most);
    }

    /** The log probability of what follows tokens that went in by steps of a size. */
    private static float logprobAfter(int[] tokens, int stepSize) {
        try (var sampler = model.sampler(TestLlama.greedy());
                var batch = context.batch(64)) {
            context.clear();
            int last = tokens.length - 1;
            for (int from = 0; from < last; from += stepSize) {
                TestLlama.fill(
                        context, batch, 0, from, Arrays.copyOfRange(tokens, from, Math.min(from + stepSize, last)));
            }
            batch.clear();
            batch.sample(batch.add(tokens[last], last, 0, true), sampler, 0);
            context.step(batch);
            return batch.logprob(0);
        }
    }

    private static double sumOfProbabilities(float[] logprobs) {
        return IntStream.range(0, logprobs.length)
                .mapToDouble(i -> Math.exp(logprobs[i]))
                .sum();
    }

    private static SamplerSettings filters(float topP, float minP, float typicalP) {
        return new SamplerSettings(
                OptionalLong.of(5), 1.5f, 0, topP, minP, typicalP, 1, 0, 0, 64, Map.of(), Optional.empty());
    }

    private static SamplerSettings penalties(float repeat, float presence, float frequency, int lastN) {
        return new SamplerSettings(
                OptionalLong.of(5), 0, 40, 0.9f, 0, 1, repeat, presence, frequency, lastN, Map.of(), Optional.empty());
    }
}
