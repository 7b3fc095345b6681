// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.device.Placement;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.settings.ModelSettings;
import dev.puna.support.TestGguf;
import dev.puna.support.TestImages;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoNativeLeaks.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProjectorTest {

    @TempDir
    Path folder;

    @Test
    void the_same_image_gives_the_same_vectors_and_another_one_others() {
        with(TinyProjector.gemma(1), eyes -> {
            var first = vectors(eyes, TestImages.png(1));

            assertThat(first).hasSize(TinyProjector.TOKENS * 64).doesNotContain(Float.NaN);
            assertThat(Arrays.equals(vectors(eyes, TestImages.png(1)), first)).isTrue();
            assertThat(Arrays.equals(vectors(eyes, TestImages.png(2)), first)).isFalse();
            return eyes;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gif", "bmp", "png"})
    void formats_without_loss_give_the_same_vectors(String format) {
        with(TinyProjector.llava(1), eyes -> {
            assertThat(vectors(eyes, TestImages.encoded(format, 3)).length).isEqualTo(16 * 64);
            if (!format.equals("gif")) {
                assertThat(vectors(eyes, TestImages.encoded(format, 3))).isEqualTo(vectors(eyes, TestImages.png(3)));
            }
            return eyes;
        });
    }

    @Test
    void jpeg_is_a_image_too() {
        with(TinyProjector.llava(1), eyes -> {
            assertThat(vectors(eyes, TestImages.encoded("jpg", 3))).hasSize(16 * 64);
            return eyes;
        });
    }

    @Test
    void webp_is_a_image_too() {
        TestModels.nativeLibrariesWithWebp();
        with(TinyProjector.llava(1), eyes -> {
            var expected = vectors(eyes, TestImages.png(3));

            assertThat(Arrays.equals(vectors(eyes, TestImages.webp("lossless")), expected))
                    .isTrue();
            assertThat(Arrays.equals(vectors(eyes, TestImages.webp("moving")), expected))
                    .as("the first picture of an animation")
                    .isTrue();
            assertThat(vectors(eyes, TestImages.webp("lossy"))).hasSize(16 * 64);
            return eyes;
        });
    }

    @Test
    void a_prompt_is_cut_where_its_images_are() {
        with(TinyProjector.llava(1), eyes -> {
            try (var one = eyes.outline(TestImages.png(1));
                    var two = eyes.outline(TestImages.png(2, 300, 20));
                    var chunks = eyes.chunks(
                            List.of(
                                    new PromptPart.Text("look"),
                                    new PromptPart.Media(one),
                                    new PromptPart.Text(""),
                                    new PromptPart.Media(two),
                                    new PromptPart.Text("and say")),
                            true)) {
                var list = chunks.list();

                assertThat(list).hasSize(4);
                assertThat(((PromptChunk.Text) list.getFirst()).ids()[0]).isEqualTo(1);
                var image = (PromptChunk.Media) list.get(2);
                assertThat(image.image()).isOne();
                assertThat(image.tokens()).isEqualTo(16);
                assertThat(image.nonCausal()).isFalse();
                assertThat(image.positionsFrom(5, 2, 3)).containsExactly(7, 8, 9);
            }
            return eyes;
        });
    }

    @Test
    void what_claims_to_be_huge_is_refused_by_its_header() {
        with(TinyProjector.llava(1), eyes -> {
            assertThatThrownBy(() -> eyes.decode(TestImages.hugePng()))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("the picture is too large: 60000 x 60000 pixels");
            return eyes;
        });
    }

    @Test
    void what_is_no_image_or_not_all_of_one_is_refused() {
        with(TinyProjector.llava(1), eyes -> {
            assertThatThrownBy(() -> eyes.outline("no picture at all".getBytes(UTF_8)))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("it is no picture in PNG, JPEG, WebP, GIF or BMP format");
            assertThatThrownBy(() -> eyes.decode(new byte[0])).isInstanceOf(InvalidRequest.class);
            var half = Arrays.copyOf(TestImages.png(1), 120);
            assertThatThrownBy(() -> eyes.decode(half))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("the picture is damaged");
            var cut = Arrays.copyOf(TestImages.webp("lossy"), 60);
            assertThatThrownBy(() -> eyes.decode(cut)).isInstanceOf(InvalidRequest.class);
            var wave = "RIFF....WAVEfmt ".getBytes(UTF_8);
            assertThatThrownBy(() -> eyes.decode(wave))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("it is a sound, and this model does not support audio");
            return eyes;
        });
    }

    @Test
    void a_projector_that_lacks_tensors_is_refused_in_the_words_of_llama_cpp() {
        var file = new TestGguf().text("general.architecture", "clip").bool("clip.has_vision_encoder", true);

        assertThatThrownBy(() -> with(file, Function.identity()))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("cannot load projector eyes.gguf")
                .hasMessageContaining("projector type");
    }

    /** libmtmd would end the process over these. */
    @ParameterizedTest
    @CsvSource({"embedding_length, 48", "attention.head_count, 5", "image_size, 64", "image_size, 100000"})
    void a_projector_whose_numbers_do_not_fit_its_tensors_is_refused(String key, int number) {
        var bytes = TinyProjector.llava(1).toArray();
        var name = "clip.vision." + key;
        var at = new String(bytes, ISO_8859_1).indexOf(name) + name.length() + Integer.BYTES;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number);

        assertThatThrownBy(() -> with(bytes, eyes -> vectors(eyes, TestImages.png(1))))
                .isInstanceOf(NativeFailure.class);
        with(TinyProjector.llava(1), eyes -> assertThat(vectors(eyes, TestImages.png(1)))
                .isNotEmpty());
    }

    @Test
    void a_model_cannot_close_before_its_projector() {
        var backend = TestLlama.backend();
        var files = List.of(TinyGguf.llama(1).writeTo(folder.resolve("model.gguf")));
        var model = LoadedModel.open(backend, files, new ModelSettings(Placement.CPU, true, false), new LoadProgress());
        var eyes = model.projector(TinyProjector.llava(1).writeTo(folder.resolve("eyes.gguf")), 1, false);

        assertThatThrownBy(model::close).isInstanceOf(IllegalStateException.class);
        eyes.close();
        eyes.close();
        model.close();
    }

    private static float[] vectors(Projector eyes, byte[] encoded) {
        try (var image = eyes.decode(encoded);
                var chunks = eyes.chunks(List.of(new PromptPart.Media(image)), false)) {
            for (int i = 0; i < chunks.list().size(); i++) {
                if (chunks.list().get(i) instanceof PromptChunk.Media) {
                    return chunks.encode(i);
                }
            }
            throw new AssertionError("no picture among the chunks");
        }
    }

    private <T> T with(TestGguf projector, Function<Projector, T> test) {
        return with(projector.toArray(), test);
    }

    private <T> T with(byte[] projector, Function<Projector, T> test) {
        var backend = TestLlama.backend();
        var files = List.of(TinyGguf.llama(1).writeTo(folder.resolve("model.gguf")));
        try (var model = LoadedModel.open(
                        backend, files, new ModelSettings(Placement.CPU, true, false), new LoadProgress());
                var eyes = model.projector(write(projector), 1, false)) {
            return test.apply(eyes);
        }
    }

    private Path write(byte[] projector) {
        try {
            return Files.write(folder.resolve("eyes.gguf"), projector);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
