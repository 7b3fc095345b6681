// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.device.Placement;
import dev.puna.failure.Cancelled;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.settings.ModelSettings;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(120)
class ModelLoadingTest {
    @TempDir
    Path folder;

    @Test
    void a_file_with_another_beginning_is_refused_with_its_magic() throws IOException {
        var file = Files.writeString(folder.resolve("model.gguf"), "GGML and then some more");

        assertThatThrownBy(() -> TestLlama.open(file))
                .isInstanceOf(NativeFailure.class)
                .hasMessageStartingWith("cannot load model model.gguf: ")
                .hasMessageContaining("invalid magic characters: 'GGML', expected 'GGUF'")
                .hasMessageEndingWith("; check that the file is a complete GGUF");
    }

    @Test
    void an_empty_file_is_refused_with_a_reason() throws IOException {
        var file = Files.createFile(folder.resolve("empty.gguf"));

        assertThatThrownBy(() -> TestLlama.open(file))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("empty.gguf")
                .hasMessageContaining("failed to read magic");
    }

    @ParameterizedTest
    @CsvSource({
        "10, failed to read header",
        "100, failed to read key-value pairs",
        "1000000, failed to read key-value pairs",
        "50000000, is not within the file bounds",
    })
    void a_file_cut_off_is_refused_with_what_is_missing(long length, String reason) throws IOException {
        var file = folder.resolve("cut.gguf");
        try (var in = Files.newInputStream(TestModels.smolLm2())) {
            Files.write(file, in.readNBytes((int) length));
        }

        assertThatThrownBy(() -> TestLlama.open(file))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining(reason);
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        assertThatThrownBy(() -> TestLlama.open(folder.resolve("absent.gguf")))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("absent.gguf")
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void an_architecture_that_llama_cpp_does_not_know_is_named() throws IOException {
        var file = folder.resolve("other.gguf");
        var bytes = Files.readAllBytes(TestModels.smolLm2());
        int at = new String(bytes, 0, 200, US_ASCII).indexOf("llama");
        System.arraycopy("lemma".getBytes(US_ASCII), 0, bytes, at, 5);
        Files.write(file, bytes);

        assertThatThrownBy(() -> TestLlama.open(file))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("unknown model architecture: 'lemma'");
    }

    /** llama.cpp checks these by asserting, which ends a process that does not expect it. */
    @ParameterizedTest
    @CsvSource({
        "qwen2vl.nextn_predict_layers, 9, GGML_ASSERT(hparams.n_layer_nextn <= hparams.n_layer_all)",
        "qwen2vl.expert_count, 8, GGML_ASSERT(n_expert_used_max > 0)",
        "qwen2vl.attention.key_length, 32, GGML_ASSERT(",
    })
    void what_llama_cpp_asserts_of_a_model_is_a_failure_and_leaves_nothing(String key, int value, String assertion) {
        var file = TinyGguf.qwen2vl(1).uint32(key, value).writeTo(folder.resolve("contradicts.gguf"));

        assertThatThrownBy(() -> {
                    try (var model = TestLlama.open(file)) {
                        TestLlama.context(model, 64, 1, 32).close();
                    }
                })
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining(assertion)
                .message()
                .doesNotContain("/src/");

        try (var model = TestLlama.open(TinyGguf.qwen2vl(1).writeTo(folder.resolve("sound.gguf")))) {
            TestLlama.context(model, 64, 1, 32).close();
        }
    }

    @Test
    void a_failure_does_not_repeat_the_reason_of_the_one_before() throws IOException {
        var first = Files.writeString(folder.resolve("first.gguf"), "GGML and then some more");
        var second = Files.createFile(folder.resolve("second.gguf"));
        assertThatThrownBy(() -> TestLlama.open(first)).isInstanceOf(NativeFailure.class);

        assertThatThrownBy(() -> TestLlama.open(second))
                .isInstanceOf(NativeFailure.class)
                .message()
                .contains("failed to read magic")
                .doesNotContain("GGML");
    }

    @Test
    void no_file_is_no_model() {
        assertThatThrownBy(() ->
                        LoadedModel.open(TestLlama.backend(), List.of(), TestLlama.WHOLE_MODEL, new LoadProgress()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_load_cancelled_before_it_begins_does_not_begin() {
        var progress = new LoadProgress();
        progress.cancel();

        assertThatThrownBy(() -> load(TestModels.smolLm2(), progress))
                .isInstanceOf(Cancelled.class)
                .hasMessage("loading was cancelled");
        assertThat(progress.fraction()).isLessThan(1);
    }

    @Test
    void a_load_cancelled_on_its_way_ends_and_leaves_nothing() throws InterruptedException {
        var progress = new LoadProgress();
        var canceller = Thread.ofPlatform().start(() -> {
            while (progress.fraction() == 0 && !Thread.interrupted()) {
                Thread.onSpinWait();
            }
            progress.cancel();
        });

        assertThatThrownBy(() -> load(TestModels.gemma(), progress)).isInstanceOf(Cancelled.class);

        canceller.interrupt();
        canceller.join();
        assertThat(progress.cancelled()).isTrue();
    }

    @Test
    void a_loaded_model_tells_its_facts() {
        var progress = new LoadProgress();
        try (var model = load(TestModels.smolLm2(), progress)) {
            assertThat(progress.fraction()).isEqualTo(1);
            assertThat(model.embeddingLength()).isEqualTo(576);
            assertThat(model.recurrent()).isFalse();
            assertThat(model.metadata().get("tokenizer.chat_template")).contains("<|im_start|>");
            assertThat(model.metadata())
                    .containsEntry("general.architecture", "llama")
                    .containsEntry("llama.block_count", "30")
                    .doesNotContainKey("tokenizer.ggml.tokens");
        }
    }

    @Test
    void a_model_without_a_template_has_none() {
        try (var model = TestLlama.openVocabulary(TestModels.gemma())) {
            assertThat(model.metadata()).doesNotContainKey("tokenizer.chat_template");
        }
    }

    @Test
    void a_device_that_is_not_there_is_named() {
        var settings = new ModelSettings(Placement.on("CUDA7", 31), true, false);
        var files = List.of(TestModels.smolLm2());

        assertThatThrownBy(() -> LoadedModel.open(TestLlama.backend(), files, settings, new LoadProgress()))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("there is no device CUDA7");
    }

    @Test
    void closing_twice_is_closing_once() {
        var model = TestLlama.openVocabulary(TestModels.smolLm2());
        model.close();
        model.close();

        assertThat(NativeMemory.live()).isEmpty();
    }

    @Test
    void a_closed_model_refuses_every_use() {
        var model = TestLlama.openVocabulary(TestModels.smolLm2());
        var vocabulary = model.vocabulary();
        model.close();

        assertThatThrownBy(model::metadata)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("LoadedModel is closed");
        assertThatThrownBy(() -> vocabulary.tokenize("a", true, true)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> vocabulary.piece(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(model::chatFormat).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> model.sampler(TestLlama.greedy())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> TestLlama.context(model, 64, 1, 8)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_model_stays_open_until_all_that_was_made_from_it_is_closed() {
        var model = TestLlama.open(TestModels.smolLm2());
        var context = TestLlama.context(model, 64, 1, 8);
        var sampler = model.sampler(TestLlama.greedy());
        var chat = model.chatFormat();

        assertThatThrownBy(model::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("LoadedModel cannot close: 3 users are left");
        assertThat(model.vocabulary().tokenize("still there", false, false)).isNotEmpty();

        context.close();
        sampler.close();
        assertThatThrownBy(model::close).hasMessage("LoadedModel cannot close: 1 user is left");
        chat.close();
        model.close();
    }

    private static LoadedModel load(Path file, LoadProgress progress) {
        // Read, not mapped: that takes long enough to be stopped on its way.
        var settings = new ModelSettings(Placement.CPU, false, false);
        return LoadedModel.open(TestLlama.backend(), List.of(file), settings, progress);
    }
}
