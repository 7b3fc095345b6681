// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Image;
import dev.puna.engine.StepClock;
import dev.puna.llama.LoadProgress;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.NativeMemory;
import dev.puna.llama.TestLlama;
import dev.puna.support.TestImages;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VisionEncoderTest {
    private static final long ONE_IMAGE = TinyProjector.TOKENS * 64 * Float.BYTES;
    private static final Image RED = new Image(TestImages.png(1));
    private static final Image BLUE = new Image(TestImages.png(2));

    @TempDir
    Path folder;

    @AfterEach
    void nothing_native_is_left() {
        assertThat(NativeMemory.live()).isEmpty();
    }

    @Test
    void the_same_image_is_encoded_once() {
        withEncoder(10 * ONE_IMAGE, vision -> {
            var images = List.of(RED, BLUE, RED);
            var tokens = vision.tokenize("[img-0][img-1][img-2] three", images);

            var first = vision.encode(tokens, images, () -> false);
            var again = vision.encode(tokens, images, () -> false);

            assertThat(first).hasSize(2);
            assertThat(again).containsAllEntriesOf(first);
            assertThat(vision.encodings()).isEqualTo(2);
        });
    }

    @Test
    void what_was_not_used_for_long_is_forgotten_when_there_is_too_much() {
        withEncoder(ONE_IMAGE, vision -> {
            encode(vision, RED);
            encode(vision, RED);
            assertThat(vision.encodings()).isOne();
            encode(vision, BLUE);
            encode(vision, RED);
            assertThat(vision.encodings()).isEqualTo(3);
        });
    }

    @Test
    void nothing_is_encoded_for_a_client_that_has_gone() {
        withEncoder(ONE_IMAGE, vision -> {
            var tokens = vision.tokenize("[img-0]?", List.of(RED));

            assertThat(vision.encode(tokens, List.of(RED), () -> true)).isEmpty();
            assertThat(vision.encodings()).isZero();
        });
    }

    @Test
    void the_same_image_has_the_same_number_and_another_one_another() {
        withEncoder(ONE_IMAGE, vision -> {
            var red = vision.tokenize("[img-0]?", List.of(RED));
            var blue = vision.tokenize("[img-0]?", List.of(BLUE));

            assertThat(red.images().getFirst().id())
                    .isEqualTo(vision.tokenize("a [img-0]?", List.of(RED))
                            .images()
                            .getFirst()
                            .id())
                    .isNotEqualTo(blue.images().getFirst().id());
            assertThat(red.commonPrefix(blue)).isEqualTo(red.images().getFirst().start());
        });
    }

    private static void encode(VisionEncoder vision, Image image) {
        vision.encode(vision.tokenize("[img-0]?", List.of(image)), List.of(image), () -> false);
    }

    private void withEncoder(long mostBytes, Consumer<VisionEncoder> test) {
        var backend = TestLlama.backend();
        var file = TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));
        try (var model = LoadedModel.open(backend, List.of(file), TestLlama.WHOLE_MODEL, new LoadProgress());
                var eyes = model.projector(TinyProjector.gemma(1).writeTo(folder.resolve("eyes.gguf")), 1, false)) {
            test.accept(
                    new VisionEncoder(eyes, new ModelTurns(new ComputeLock(), new StepClock(), false), 512, mostBytes));
        }
    }
}
