// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.ModelFiles;
import dev.puna.engine.TokenLogprob;
import dev.puna.engine.local.EngineTests.Answer;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.NativeMemory;
import dev.puna.model.AdapterScales;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyLora;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each request says which of a model's adapters count, and how much. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdapterScalesTest {
    private static final String PROMPT = "the quick brown fox jumps over the lazy dog and then some more";

    /** What numbers may differ by when cells lie elsewhere, or rows were computed together. */
    private static final double ROUNDED = 0.01;

    private static final List<List<Float>> SETS = List.of(
            List.of(), List.of(0f, 0f), List.of(1f, 0f), List.of(0f, 1f), List.of(0.5f, 0f), List.of(-1f, 0.25f));

    @TempDir
    Path folder;

    private Path model = Path.of("");
    private Path first = Path.of("");
    private Path second = Path.of("");

    @BeforeEach
    void write() {
        model = TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));
        first = TinyLora.fitting(5).writeTo(folder.resolve("first.gguf"));
        second = TinyLora.fitting(6).writeTo(folder.resolve("second.gguf"));
    }

    @AfterEach
    void nothing_native_is_left() {
        assertThat(NativeMemory.live()).isEmpty();
    }

    @Test
    void those_that_are_listed_count_as_in_a_model_that_has_no_others() {
        try (var both = load(2, first, second)) {
            assertSame(ask(both, PROMPT, 0, 0), alone(List.of()));
            assertSame(ask(both, PROMPT, 1, 0), alone(List.of(first)));
            assertSame(ask(both, PROMPT, 0, 1), alone(List.of(second)));
            assertSame(ask(both, PROMPT), alone(List.of(first, second)));
            assertSame(ask(both, PROMPT, 1, 1), alone(List.of(first, second)));
        }
    }

    @Test
    void half_of_an_adapter_is_neither_all_of_it_nor_none() {
        try (var engine = load(1, first)) {
            var none = ask(engine, PROMPT, 0);
            var half = ask(engine, PROMPT, 0.5f);
            var all = ask(engine, PROMPT, 1);

            assertThat(all.text()).isNotEqualTo(none.text());
            assertThat(logprobs(half).getFirst())
                    .isNotCloseTo(logprobs(none).getFirst(), within(ROUNDED))
                    .isNotCloseTo(logprobs(all).getFirst(), within(ROUNDED));
            assertSame(ask(engine, PROMPT, 0.5f), half);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void streams_with_different_adapters_give_what_each_gives_alone(boolean seeded) {
        var wanted = new ArrayList<List<String>>();
        for (var set : SETS) {
            try (var engine = load(1, first, second)) {
                wanted.add(clear(EngineTests.ask(engine, stream(set, seeded))));
            }
        }
        assertThat(wanted).doesNotHaveDuplicates().allMatch(tokens -> tokens.size() > 5);
        try (var engine = load(4, first, second);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 4 * SETS.size())
                    .mapToObj(number -> CompletableFuture.supplyAsync(
                            () -> EngineTests.ask(engine, stream(SETS.get(number % SETS.size()), seeded)), threads))
                    .toList();
            for (var number = 0; number < answers.size(); number++) {
                var answer = answers.get(number).orTimeout(90, TimeUnit.SECONDS).join();
                assertThat(tokens(answer.logprobs()))
                        .startsWith(wanted.get(number % SETS.size()).toArray(String[]::new));
            }
        }
    }

    private static GenerationRequest stream(List<Float> set, boolean seeded) {
        var question = EngineTests.raw("Tale: " + PROMPT);
        return (seeded ? question.seed(3).greedy() : question)
                .tokens(24)
                .ignoringEos()
                .logprobs(2)
                .adapters(set.toArray(Float[]::new))
                .request();
    }

    /** The tokens up to the first that could have been another one if something were rounded otherwise. */
    private static List<String> clear(Answer answer) {
        return tokens(answer.logprobs().stream()
                .takeWhile(token -> token.alternatives().get(0).logprob()
                                - token.alternatives().get(1).logprob()
                        > ROUNDED)
                .toList());
    }

    private static List<String> tokens(List<TokenLogprob> logprobs) {
        return logprobs.stream().map(token -> token.bytes().toString()).toList();
    }

    @Test
    void what_was_computed_with_some_adapters_is_used_again_with_the_same_only() {
        var text = PROMPT.repeat(3);
        for (var slots : List.of(1, 3)) {
            try (var engine = load(slots, first, second)) {
                var cold = ask(engine, text, 1, 0);
                assertThat(cached(cold)).isZero();

                assertThat(cached(ask(engine, text, 0, 1)))
                        .as("of other adapters")
                        .isZero();
                var warm = ask(engine, text, 1, 0);
                assertThat(cached(warm)).as("of the same, %d slots", slots).isGreaterThan(100);
                assertThat(warm.text()).isEqualTo(cold.text());

                assertThat(cached(ask(engine, text, 0.5f, 0)))
                        .as("with half of it")
                        .isZero();
                assertThat(cached(ask(engine, text))).as("with all").isZero();
                assertThat(cached(ask(engine, text, 1, 1)))
                        .as("all, one by one")
                        .isGreaterThan(100);
            }
        }
    }

    @Test
    void adapters_are_in_memory_once_whatever_requests_want() {
        EngineMemory before;
        try (var engine = load(2, first, second)) {
            before = engine.memory();
            ask(engine, PROMPT, 0.5f, 0);
            ask(engine, PROMPT, 0, 0.5f);
            assertThat(engine.memory()).isEqualTo(before);
        }
    }

    @Test
    void scales_for_another_number_of_adapters_are_refused_and_the_engine_goes_on() {
        try (var engine = load(1, first)) {
            assertThatThrownBy(() -> ask(engine, PROMPT, 0, 0))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("this model has 1 adapters, but 2 scales were given");
            assertThat(ask(engine, PROMPT, 0).text()).isNotEmpty();
        }
    }

    @Test
    void texts_are_embedded_with_the_adapters_that_each_request_wants() {
        model = TinyGguf.llama(1).uint32("llama.pooling_type", 1).writeTo(folder.resolve("embedder.gguf"));
        var wanted = new ArrayList<List<float[]>>();
        for (var adapters : List.of(List.<Path>of(), List.of(first), List.of(first, second))) {
            try (var engine = load(1, adapters.toArray(Path[]::new))) {
                wanted.add(embedded(engine, List.of()).join());
            }
        }
        try (var engine = load(1, first, second)) {
            var sets = List.of(List.of(0f, 0f), List.of(1f, 0f), List.<Float>of());
            var vectors = IntStream.range(0, 30)
                    .mapToObj(number -> embedded(engine, sets.get(number % 3)))
                    .toList();
            for (var number = 0; number < vectors.size(); number++) {
                for (var text = 0; text < 2; text++) {
                    var vector = vectors.get(number)
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .get(text);
                    assertThat(likeness(vector, wanted.get(number % 3).get(text)))
                            .isGreaterThan(0.999);
                    assertThat(likeness(vector, wanted.get((number + 1) % 3).get(text)))
                            .isLessThan(0.99);
                }
            }
            assertThatThrownBy(() -> embedded(engine, List.of(0f)).join()).hasRootCauseInstanceOf(InvalidRequest.class);
        }
    }

    private static CompletableFuture<List<float[]>> embedded(Engine engine, List<Float> set) {
        var texts = List.of("one text", "another text that is longer");
        return engine.embed(new EmbeddingRequest(texts, true, Integer.MAX_VALUE, new AdapterScales(set)))
                .map(EmbeddingResult::embeddings)
                .subscribeAsCompletionStage();
    }

    private static double likeness(float[] one, float[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> one[i] * other[i])
                .sum();
    }

    private void assertSame(Answer answer, Answer wanted) {
        assertThat(answer.text()).isEqualTo(wanted.text());
        assertThat(logprobs(answer)).hasSameSizeAs(logprobs(wanted)).isNotEmpty();
        for (var index = 0; index < logprobs(wanted).size(); index++) {
            assertThat(logprobs(answer).get(index)).isCloseTo(logprobs(wanted).get(index), within(ROUNDED));
        }
    }

    private static List<Double> logprobs(Answer answer) {
        return answer.logprobs().stream().map(TokenLogprob::logprob).toList();
    }

    private static int cached(Answer answer) {
        return answer.finished().usage().cachedTokens();
    }

    private Answer alone(List<Path> adapters) {
        try (var engine = load(2, adapters.toArray(Path[]::new))) {
            return ask(engine, PROMPT);
        }
    }

    private static Answer ask(Engine engine, String text, float... scales) {
        var set = new ArrayList<Float>();
        for (var scale : scales) {
            set.add(scale);
        }
        return answer(engine, text, set);
    }

    private static Answer answer(Engine engine, String text, List<Float> set) {
        return EngineTests.ask(
                engine,
                EngineTests.raw(text)
                        .tokens(24)
                        .ignoringEos()
                        .logprobs(0)
                        .adapters(set.toArray(Float[]::new))
                        .request());
    }

    private Engine load(int sequences, Path... adapters) {
        return EngineTests.load(
                new ModelFiles(List.of(model), List.of(adapters), Optional.empty()), 512, sequences, 64);
    }
}
