// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.Loading;
import dev.puna.engine.Quantizer;
import dev.puna.failure.Cancelled;
import dev.puna.failure.NativeFailure;
import dev.puna.gguf.Gguf;
import dev.puna.model.Digest;
import dev.puna.model.FileType;
import dev.puna.model.WeightPlan;
import dev.puna.support.TestGguf;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeQuantizerTest {
    private static final WeightPlan Q8_0 = WeightPlan.of(7);

    @TempDir
    Path folder;

    /** The digests are those that the real server gave: recordings 066 and 067. */
    @ParameterizedTest
    @CsvSource({
        "7, 8cdebf9d959fad4ed4134d1ec4181d5f9455c44ba83e79b6a916d7d4a2f25c3a",
        "15, e53e9e9fdb761a5550c507ab9aef571337588b014fe28d8cc62d1be80ded4af1"
    })
    void a_real_model_gets_the_bytes_that_ollama_gives_it(int type, String digest) throws IOException {
        var output = folder.resolve("out.gguf");
        var progress = Loading.create();

        quantizer(1).quantize(List.of(TestModels.miniLm()), output, WeightPlan.of(type), progress);

        assertThat(Digest.of(Files.readAllBytes(output)).text()).isEqualTo("sha256:" + digest);
        assertThat(progress.fraction()).isEqualTo(1);
    }

    /** All but the one for which llama.cpp has no second best where rows are not whole blocks of it, as they are not here. */
    static List<String> targets() {
        return FileType.targets().stream().filter(type -> !type.equals("Q1_0")).toList();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void every_type_that_can_be_asked_for_is_written(String type) {
        var model = TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));
        var output = folder.resolve("out.gguf");

        quantizer(1)
                .quantize(
                        List.of(model),
                        output,
                        WeightPlan.of(FileType.target(type).orElseThrow()),
                        Loading.create());

        assertThat(Gguf.read(output).facts().fileType()).isEqualTo(type);
        assertThat(answer(output)).isNotEmpty();
    }

    @Test
    void the_number_of_threads_does_not_change_the_result_and_the_model_still_runs() throws IOException {
        var model = TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));
        var one = folder.resolve("one.gguf");
        var two = folder.resolve("two.gguf");

        quantizer(1).quantize(List.of(model), one, Q8_0, Loading.create());
        quantizer(2).quantize(List.of(model), two, Q8_0, Loading.create());

        assertThat(one).hasSameBinaryContentAs(two);
        assertThat(Files.size(one)).isLessThan(Files.size(model) / 2);
        assertThat(answer(one)).isNotEmpty();
    }

    @Test
    void the_parts_of_a_split_model_become_one_file() {
        var whole = folder.resolve("whole.gguf");
        var merged = folder.resolve("merged.gguf");
        quantizer(1).quantize(List.of(TinyGguf.llama(1).writeTo(folder.resolve("a"))), whole, Q8_0, Loading.create());
        var first = folder.resolve("b");
        var second = folder.resolve("c");
        TinyGguf.split(1, first, second);

        quantizer(1).quantize(List.of(first, second), merged, Q8_0, Loading.create());

        assertThat(merged).hasSameBinaryContentAs(whole);
    }

    @Test
    void a_cancelled_quantisation_stops_before_the_next_tensor() {
        var model = TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));
        var progress = Loading.create();
        progress.cancel();

        assertThatThrownBy(() -> quantizer(1).quantize(List.of(model), folder.resolve("out.gguf"), Q8_0, progress))
                .isInstanceOf(Cancelled.class);
        assertThat(progress.fraction()).isZero();
    }

    @Test
    void work_that_is_cancelled_on_the_way_stops_between_two_tensors() throws Exception {
        var model = TestModels.miniLm();
        var progress = Loading.create();
        var canceller = Thread.startVirtualThread(() -> {
            while (progress.fraction() == 0) {
                Thread.onSpinWait();
            }
            progress.cancel();
        });

        assertThatThrownBy(() ->
                        quantizer(1).quantize(List.of(model), folder.resolve("out.gguf"), WeightPlan.of(15), progress))
                .isInstanceOf(Cancelled.class);
        assertThat(canceller.join(Duration.ofSeconds(10))).isTrue();
        assertThat(progress.fraction()).isBetween(0.001, 0.999);
    }

    @Test
    void what_is_no_model_is_refused_with_the_librarys_reason() {
        var file = new TestGguf()
                .text("general.architecture", "nosuch")
                .tensor("x", new long[] {1}, 1)
                .writeTo(folder.resolve("model.gguf"));

        assertThatThrownBy(
                        () -> quantizer(1).quantize(List.of(file), folder.resolve("out.gguf"), Q8_0, Loading.create()))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("nosuch");
    }

    @Test
    void a_place_that_cannot_be_written_is_a_failure() {
        var model = TinyGguf.llama(1).writeTo(folder.resolve("model.gguf"));

        assertThatThrownBy(() ->
                        quantizer(1).quantize(List.of(model), folder.resolve("no/such/folder"), Q8_0, Loading.create()))
                .isInstanceOf(NativeFailure.class);
    }

    private static Quantizer quantizer(int threads) {
        return new NativeQuantizer(TestModels.nativeLibraries(), () -> threads);
    }

    private static String answer(Path model) {
        try (var engine = EngineTests.load(model, 128, 1, 64)) {
            return EngineTests.ask(engine, EngineTests.raw("hello").tokens(8).request())
                    .text();
        }
    }
}
