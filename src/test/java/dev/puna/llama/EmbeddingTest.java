// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.failure.Cancelled;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.settings.Pooling;
import dev.puna.support.TestModels;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(60)
class EmbeddingTest {
    private static LoadedModel model;
    private static Context context;

    @BeforeAll
    static void open() {
        model = TestLlama.open(TestModels.miniLm());
        context = model.context(TestLlama.settings(256, 4, 64, true));
    }

    @AfterAll
    static void close() {
        if (context != null) {
            context.close();
            model.close();
        }
    }

    @Test
    void an_embedding_is_the_one_that_the_reference_recorded() throws IOException {
        var expected = recorded();

        var vector = normalised(embed("hello world")[0]);

        assertThat(vector).hasSize(384).hasSize(expected.length);
        assertThat(dot(vector, expected)).isGreaterThan(0.9999);
        assertThat(vector).usingComparatorWithPrecision(0.002f).containsExactly(expected);
    }

    @Test
    void texts_embedded_together_are_embedded_as_if_alone() {
        var together = embed("hello world", "a cat sat on the mat", "the feline rested on the rug");

        assertThat(together).hasDimensions(3, 384);
        assertThat(dot(normalised(together[0]), normalised(embed("hello world")[0])))
                .isCloseTo(1, within(1e-4));
        var cats = dot(normalised(together[1]), normalised(together[2]));
        assertThat(cats).isGreaterThan(0.5).isGreaterThan(dot(normalised(together[0]), normalised(together[1])));
    }

    @Test
    void the_model_says_how_it_pools_and_that_it_only_encodes() {
        assertThat(context.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(context.canShift()).isFalse();
        assertThat(model.embeddingLength()).isEqualTo(384);
        assertThat(model.metadata()).doesNotContainKey("tokenizer.chat_template");
    }

    @Test
    void texts_that_do_not_fit_are_refused() {
        try (var batch = context.batch(64)) {
            assertThatThrownBy(() -> context.embed(batch, 1)).hasMessageContaining("a batch of 0 tokens");
            batch.add(1, 0, 0, true);
            assertThatThrownBy(() -> context.embed(batch, 0)).hasMessage("0 sequences, where 1 to 4 can be");
            assertThatThrownBy(() -> context.embed(batch, 5)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> context.embed(batch, 2))
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageContaining("no embedding came out for sequence 1");
        }
        assertThatThrownBy(() -> context.batch(65)).isInstanceOf(IllegalArgumentException.class);
        assertThat(embed("still there")).hasDimensions(1, 384);
    }

    @Test
    void an_abort_is_a_cancellation_and_leaves_the_context_usable() {
        context.abort(true);
        assertThatThrownBy(() -> embed("hello")).isInstanceOf(Cancelled.class);

        context.abort(false);
        assertThat(embed("hello")).hasDimensions(1, 384);
    }

    @Test
    void a_context_for_text_gives_no_vectors() {
        try (var text = model.context(TestLlama.settings(64, 1, 64, false));
                var batch = text.batch(8)) {
            batch.add(1, 0, 0, true);
            assertThatThrownBy(() -> text.embed(batch, 1)).isInstanceOf(NativeFailure.class);
        }
    }

    @Test
    void a_cache_that_is_not_there_forgets_and_copies_nothing() {
        assertThat(context.remove(0, 0, -1)).isTrue();
        context.copy(0, 1, 0, -1);
        context.clear();
        assertThatThrownBy(() -> context.shift(0, 0, -1, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(context.memory().cacheBytes()).isZero();
    }

    private static float[][] embed(String... texts) {
        try (var batch = context.batch(64)) {
            for (int sequence = 0; sequence < texts.length; sequence++) {
                var tokens = model.vocabulary().tokenize(texts[sequence], true, false);
                for (int i = 0; i < tokens.length; i++) {
                    batch.add(tokens[i], i, sequence, true);
                }
            }
            return context.embed(batch, texts.length);
        }
    }

    private static float[] recorded() throws IOException {
        try (var in = EmbeddingTest.class.getResourceAsStream("/minilm-hello-world.json")) {
            return new ObjectMapper().readValue(in, float[].class);
        }
    }

    private static float[] normalised(float[] vector) {
        var length = (float) Math.sqrt(dot(vector, vector));
        var normalised = vector.clone();
        for (int i = 0; i < normalised.length; i++) {
            normalised[i] /= length;
        }
        return normalised;
    }

    private static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
