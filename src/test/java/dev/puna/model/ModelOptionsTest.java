// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 2, and the bad numbers of contract 9.2. */
class ModelOptionsTest {
    @Test
    void nothing_said_gives_the_defaults_of_the_contract() {
        var options = ModelOptions.merge(Map.of(), Map.of());

        assertThat(options.generation())
                .isEqualTo(new GenerationOptions(
                        0.8f,
                        40,
                        0.9f,
                        0f,
                        1f,
                        64,
                        1f,
                        0f,
                        0f,
                        OptionalLong.empty(),
                        -1,
                        4,
                        List.of(),
                        Map.of(),
                        false));
        assertThat(options.runner()).isEqualTo(RunnerOptions.DEFAULT);
        assertThat(options.runner().numGpu()).isEqualTo(-1);
        assertThat(options.runner().numThread()).isZero();
        assertThat(options.runner().numCtx()).isEmpty();
    }

    @Test
    void every_option_can_be_set() {
        var options = request(Map.ofEntries(
                Map.entry("temperature", 0.5),
                Map.entry("top_k", 7L),
                Map.entry("top_p", 0.25),
                Map.entry("min_p", 0.125),
                Map.entry("typical_p", 0.75),
                Map.entry("repeat_last_n", 128L),
                Map.entry("repeat_penalty", 1.5),
                Map.entry("presence_penalty", -1L),
                Map.entry("frequency_penalty", 2.5),
                Map.entry("seed", 42L),
                Map.entry("num_predict", 100L),
                Map.entry("num_keep", 8L),
                Map.entry("stop", List.of("a", "b")),
                Map.entry("num_ctx", 2048L),
                Map.entry("num_batch", 256L),
                Map.entry("num_gpu", 3L),
                Map.entry("main_gpu", 1L),
                Map.entry("use_mmap", false),
                Map.entry("logit_bias", Map.of("5", -100L, "7", 1.5)),
                Map.entry("ignore_eos", true),
                Map.entry("num_thread", 2L)));

        assertThat(options.generation())
                .isEqualTo(new GenerationOptions(
                        0.5f,
                        7,
                        0.25f,
                        0.125f,
                        0.75f,
                        128,
                        1.5f,
                        -1f,
                        2.5f,
                        OptionalLong.of(42),
                        100,
                        8,
                        List.of("a", "b"),
                        Map.of(5, -100f, 7, 1.5f),
                        true));
        assertThat(options.runner())
                .isEqualTo(new RunnerOptions(
                        OptionalInt.of(2048), OptionalInt.of(256), 3, OptionalInt.of(1), Optional.of(false), 2));
    }

    @Test
    void the_request_counts_more_than_the_model_and_that_more_than_the_defaults() {
        var options = ModelOptions.merge(
                Map.of("temperature", 0.1, "top_k", 5L, "stop", List.of("model")),
                Map.of("temperature", 0.2, "stop", List.of("request")));

        assertThat(options.generation().temperature()).isEqualTo(0.2f);
        assertThat(options.generation().topK()).isEqualTo(5);
        assertThat(options.generation().topP()).isEqualTo(0.9f);
        assertThat(options.generation().stop()).containsExactly("request");
    }

    @Test
    void null_and_unknown_names_count_for_nothing() {
        var unset = new HashMap<String, Object>();
        unset.put("temperature", null);
        unset.put("mirostat", 2L);
        unset.put("nosuch", List.of("what", "ever"));

        var options = ModelOptions.merge(Map.of("temperature", 0.1), unset);

        assertThat(options.generation().temperature()).isEqualTo(0.1f);
    }

    @Test
    void whole_numbers_may_be_written_with_a_fraction_which_is_cut() {
        assertThat(request(Map.of("top_k", 5.9)).generation().topK()).isEqualTo(5);
        assertThat(request(Map.of("num_ctx", new BigDecimal("2048.7"))).runner().numCtx())
                .hasValue(2048);
        assertThat(request(Map.of("top_k", BigInteger.TEN)).generation().topK()).isEqualTo(10);
        assertThat(request(Map.of("top_k", 3)).generation().topK()).isEqualTo(3);
        assertThat(request(Map.of("temperature", 1L)).generation().temperature())
                .isEqualTo(1f);
    }

    @ParameterizedTest
    @CsvSource({
        "num_ctx, type integer",
        "num_batch, type integer",
        "num_gpu, type integer",
        "main_gpu, type integer",
        "num_thread, type integer",
        "num_keep, type integer",
        "seed, type integer",
        "num_predict, type integer",
        "draft_num_predict, type integer",
        "top_k, type integer",
        "repeat_last_n, type integer",
        "top_p, type float32",
        "min_p, type float32",
        "typical_p, type float32",
        "repeat_penalty, type float32",
        "temperature, type float32",
        "presence_penalty, type float32",
        "frequency_penalty, type float32",
        "use_mmap, type boolean",
        "ignore_eos, type boolean",
        "stop, type array"
    })
    void values_of_the_wrong_type_are_refused_by_name(String option, String type) {
        refuses(option, Map.of("deep", List.of()), "option \"%s\" must be of %s".formatted(option, type));
        if (!option.equals("stop")) {
            refuses(option, "1", "option \"%s\" must be of %s".formatted(option, type));
        }
        if (!type.equals("type boolean")) {
            refuses(option, true, "option \"%s\" must be of %s".formatted(option, type));
        }
    }

    @Test
    void texts_that_end_an_answer_come_as_a_list_or_as_one() {
        assertThat(request(Map.of("stop", "one")).generation().stop()).containsExactly("one");
        assertThat(request(Map.of("stop", "")).generation().stop()).isEmpty();
        assertThat(request(Map.of("stop", List.of("", "a"))).generation().stop())
                .containsExactly("a");

        refuses("stop", List.of("a", 1L), "option \"stop\" must be of an array of strings");
        refuses("stop", Arrays.asList("a", null), "option \"stop\" must be of an array of strings");
        refuses(
                "stop",
                Collections.nCopies(1_000_000, "x"),
                "option \"stop\" has too many entries: 1000000 (at most 1024)");
    }

    @Test
    void biases_are_numbers_by_the_ids_of_tokens() {
        refuses("logit_bias", List.of(), "option \"logit_bias\" must be an object of numbers by the ids of tokens");
        for (var key : List.of("", "-1", "a", "1.5", "9999999999", "+1", "٣")) {
            refuses("logit_bias", Map.of(key, 1L), "option \"logit_bias\" has a key that is not the id of a token");
        }
        for (var value : List.of(101L, -100.5, "1", true, List.of(), Double.NaN)) {
            refuses(
                    "logit_bias",
                    Map.of("1", value),
                    "the values of option \"logit_bias\" must be numbers from -100 to 100");
        }
        var many = IntStream.rangeClosed(0, 10_000).boxed().collect(Collectors.toMap(String::valueOf, token -> 1L));
        refuses("logit_bias", many, "option \"logit_bias\" has too many entries: 10001 (at most 10000)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"temperature", "top_p", "repeat_penalty", "num_ctx", "seed", "top_k"})
    void numbers_that_are_not_finite_are_refused(String option) {
        for (var number : List.of(
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                new BigDecimal("1e400"),
                new BigDecimal("1e999999999"))) {
            refuses(option, number, "option \"%s\" must be a finite number".formatted(option));
        }
    }

    @Test
    void a_number_too_large_for_a_float_is_not_finite() {
        refuses("temperature", 1e39, "option \"temperature\" must be a finite number");
    }

    @Test
    void contexts_and_batches_beyond_an_int_are_refused() {
        refuses("num_ctx", 1L << 31, "option \"num_ctx\" is too large: 2147483648 (at most 2147483647)");
        refuses("num_batch", 1L << 31, "option \"num_batch\" is too large: 2147483648 (at most 2147483647)");
        refuses("main_gpu", BigInteger.ONE.shiftLeft(70), "option \"main_gpu\" is too large");
    }

    @Test
    void contexts_have_a_shortest_length() {
        assertThat(request(Map.of("num_ctx", 0L)).runner().numCtx()).hasValue(4);
        assertThat(request(Map.of("num_ctx", -5L)).runner().numCtx()).hasValue(4);
        assertThat(request(Map.of("num_ctx", 1L)).runner().numCtx()).hasValue(4);
        assertThat(request(Map.of("num_ctx", 2_147_483_647L)).runner().numCtx()).hasValue(Integer.MAX_VALUE);
    }

    @Test
    void counts_out_of_reason_are_taken_for_the_nearest_that_makes_sense() {
        assertThat(request(Map.of("num_batch", 0L)).runner().numBatch()).isEmpty();
        assertThat(request(Map.of("num_batch", -1L)).runner().numBatch()).isEmpty();
        assertThat(request(Map.of("main_gpu", -1L)).runner().mainGpu()).isEmpty();
        assertThat(request(Map.of("num_gpu", -99L)).runner().numGpu()).isEqualTo(-1);
        assertThat(request(Map.of("num_thread", -1L)).runner().numThread()).isZero();
        assertThat(request(Map.of("top_k", -5L)).generation().topK()).isZero();
        assertThat(request(Map.of("top_k", 1e18)).generation().topK()).isEqualTo(Integer.MAX_VALUE);
        assertThat(request(Map.of("num_predict", 1e18)).generation().numPredict())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(request(Map.of("num_predict", -2L)).generation().numPredict())
                .isEqualTo(-1);
        assertThat(request(Map.of("repeat_last_n", -7L)).generation().repeatLastN())
                .isEqualTo(-1);
        assertThat(request(Map.of("num_keep", -7L)).generation().numKeep()).isEqualTo(-1);
        assertThat(request(Map.of("repeat_penalty", 0L)).generation().repeatPenalty())
                .isEqualTo(1f);
    }

    @Test
    void a_negative_seed_asks_for_a_random_one() {
        assertThat(request(Map.of("seed", -1L)).generation().seed()).isEmpty();
        assertThat(request(Map.of("seed", 0L)).generation().seed()).hasValue(0);
        assertThat(request(Map.of("seed", Long.MAX_VALUE)).generation().seed()).hasValue(Long.MAX_VALUE);
        assertThat(request(Map.of("seed", BigInteger.ONE.shiftLeft(70).negate()))
                        .generation()
                        .seed())
                .isEmpty();
    }

    private static ModelOptions request(Map<String, ?> options) {
        return ModelOptions.merge(Map.of(), options);
    }

    private static void refuses(String option, Object value, String message) {
        assertThatThrownBy(() -> request(Map.of(option, value)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith(message);
    }
}
