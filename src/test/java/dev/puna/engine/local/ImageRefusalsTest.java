// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static dev.puna.engine.local.EngineTests.ask;
import static dev.puna.engine.local.EngineTests.raw;
import static dev.puna.engine.local.TinyVisionModels.RED;
import static dev.puna.engine.local.TinyVisionModels.see;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.local.TinyVisionModels.Family;
import dev.puna.failure.ContextExceeded;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.NativeMemory;
import dev.puna.support.TestImages;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prompts with images that are too long or broken, and a model that sees nothing. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImageRefusalsTest {
    private final TinyVisionModels models;

    ImageRefusalsTest(@TempDir Path folder) {
        models = new TinyVisionModels(folder);
    }

    @AfterEach
    void nothing_native_is_left() {
        assertThat(NativeMemory.live()).isEmpty();
    }

    @Test
    void more_tags_than_the_context_has_tokens_are_refused_at_once() {
        try (var engine = models.load(Family.LLAVA, 512)) {
            assertThatThrownBy(() -> see(engine, "[img-0]".repeat(100_000), RED))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("the prompt is longer than the context length");
        }
    }

    @Test
    void images_that_do_not_fit_the_context_are_refused() {
        try (var engine = models.load(Family.LLAVA, 64)) {
            var images = IntStream.range(0, 5).mapToObj(TestImages::png).toArray(byte[][]::new);

            assertThatThrownBy(() -> see(engine, "too many", images))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("the prompt is longer than the context length");
            assertThatThrownBy(() ->
                            ask(engine, raw("too many", images).truncate(false).request()))
                    .isInstanceOf(ContextExceeded.class);
            assertThat(see(engine, "one", RED).text()).isNotEmpty();
        }
    }

    @Test
    void broken_images_are_refused_by_their_number_and_the_engine_goes_on() {
        try (var engine = models.load(Family.LLAVA, 2048)) {
            var half = Arrays.copyOf(RED, RED.length / 2);

            assertThatThrownBy(() -> see(engine, "what?", RED, new byte[] {1, 2, 3}))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("image 2 cannot be read: it is no picture in PNG, JPEG, WebP, GIF or BMP format");
            assertThatThrownBy(() -> see(engine, "what?", half))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("image 1 cannot be read: the picture is damaged");
            assertThatThrownBy(() -> see(engine, "what?", TestImages.hugePng()))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("too large");
            assertThatThrownBy(() -> see(engine, "look [img-0]", RED))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("ends with an image");
            assertThat(see(engine, "what?", RED).text()).isNotEmpty();
        }
    }

    @Test
    void a_model_without_a_projector_says_so() {
        try (var engine = models.loadBlind()) {
            assertThatThrownBy(() -> see(engine, "what?", RED)).isInstanceOf(InvalidRequest.class);
        }
    }
}
