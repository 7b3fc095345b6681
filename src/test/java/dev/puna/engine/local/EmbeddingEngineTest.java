// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.engine.Engine;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.Unsupported;
import dev.puna.support.TestModels;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EmbeddingEngineTest {

    private static @Nullable Engine loaded;

    @BeforeAll
    static void loadModel() {
        loaded = EngineTests.load(TestModels.miniLm(), 256, 1);
    }

    @AfterAll
    static void unloadModel() {
        if (loaded != null) {
            loaded.close();
        }
    }

    @Test
    void related_texts_lie_closer_than_unrelated_ones() {
        var result =
                embed(List.of("A cat sat on the mat.", "A kitten lay on the rug.", "Stock prices fell sharply."), true);

        var vectors = result.embeddings();
        assertThat(vectors).allSatisfy(vector -> assertThat(dot(vector, vector)).isCloseTo(1, within(1e-4)));
        assertThat(dot(vectors.get(0), vectors.get(1))).isGreaterThan(dot(vectors.get(0), vectors.get(2)) + 0.2);
    }

    @Test
    void many_texts_in_one_call_get_what_each_gets_alone_in_their_order() {
        var texts = IntStream.range(0, 70)
                .mapToObj(i -> "Text number " + i + " " + "word ".repeat(i % 9))
                .toList();

        var together = embed(texts, true).embeddings();

        for (var i : List.of(0, 1, 33, 69)) {
            var alone = embed(List.of(texts.get(i)), true).embeddings().getFirst();
            assertThat(dot(together.get(i), alone)).isGreaterThan(0.999);
        }
    }

    @Test
    void a_text_too_long_is_cut_or_refused() {
        var text = "word ".repeat(600);

        assertThat(embed(List.of(text), true).promptTokens()).isEqualTo(256);
        assertThatThrownBy(() -> embed(List.of(text), false))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("the input length exceeds the context length");
    }

    @Test
    void a_text_too_long_is_cut_to_a_context_shorter_than_any() {
        var text = List.of("word ".repeat(600));

        for (var most : List.of(-1, 0, 1, 2)) {
            assertThatThrownBy(() -> embed(new EmbeddingRequest(text, true, most)))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("input after truncation exceeds maximum context length");
        }
        assertThat(embed(new EmbeddingRequest(text, true, 3)).promptTokens()).isEqualTo(3);
        assertThat(embed(new EmbeddingRequest(List.of("word"), true, 0)).promptTokens())
                .isEqualTo(3);
    }

    /** llama.cpp lays out a graph for as many tokens of each sequence, and asserts that they are all of a step's. */
    @ParameterizedTest
    @CsvSource({"100, 64", "33, 1000", "512, 513", "3, 1", "64, 8192"})
    void any_context_and_any_batch_give_the_same_vectors(int context, int batch) {
        var texts = List.of("a", "b");
        var expected = embed(texts, true).embeddings();

        try (var other = EngineTests.load(TestModels.miniLm(), context, 1, batch)) {
            var vectors = other.embed(new EmbeddingRequest(texts, true))
                    .await()
                    .atMost(Duration.ofSeconds(30))
                    .embeddings();

            assertThat(dot(vectors.get(0), expected.get(0))).isGreaterThan(0.999);
            assertThat(dot(vectors.get(1), expected.get(1))).isGreaterThan(0.999);
        }
    }

    @Test
    void an_embedding_model_does_not_generate() {
        assertThatThrownBy(() -> EngineTests.ask(engine(), EngineTests.raw("x").request()))
                .isInstanceOf(Unsupported.class);
    }

    private static EmbeddingResult embed(List<String> texts, boolean truncate) {
        return embed(new EmbeddingRequest(texts, truncate));
    }

    private static EmbeddingResult embed(EmbeddingRequest request) {
        return engine().embed(request).await().atMost(Duration.ofSeconds(30));
    }

    private static double dot(float[] a, float[] b) {
        var sum = 0.0;
        for (var i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static Engine engine() {
        return requireNonNull(loaded, "the model is not loaded");
    }
}
