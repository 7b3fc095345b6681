// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.ModelFacts;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class GgufTest {
    @TempDir
    Path folder;

    @Test
    void every_type_of_value_is_read_as_it_was_written() {
        var file = read(new TestGguf()
                .uint8("a", 255)
                .rawEntry("b", GgufValueType.INT8.code(), new byte[] {-1})
                .uint16("c", 65_535)
                .rawEntry("d", GgufValueType.INT16.code(), new byte[] {-2, -1})
                .uint32("e", 0xffff_ffffL)
                .int32("f", -3)
                .uint64("g", -1)
                .int64("h", Long.MIN_VALUE)
                .float32("i", 1.5f)
                .float64("j", Double.NaN)
                .bool("k", true)
                .text("l", "größe")
                .texts("m", List.of("x", ""))
                .int32s("n", 7, -7)
                .float32s("o"));

        assertThat(file.metadata().keySet())
                .containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o");
        assertThat(List.of("a", "b", "c", "d", "e", "f", "h"))
                .map(key -> file.whole(key).orElseThrow())
                .containsExactly(255L, -1L, 65_535L, -2L, 0xffff_ffffL, -3L, Long.MIN_VALUE);
        assertThat(file.metadata().get("g"))
                .isInstanceOfSatisfying(GgufValue.Whole.class, whole -> assertThat(whole.number())
                        .isEqualTo(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE)));
        assertThat(file.whole("g")).isEmpty();
        assertThat(file.metadata().get("i")).isEqualTo(new GgufValue.Real(GgufValueType.FLOAT32, 1.5));
        assertThat(file.metadata().get("j"))
                .isInstanceOfSatisfying(
                        GgufValue.Real.class, real -> assertThat(real.value()).isNaN());
        assertThat(file.bool("k")).contains(true);
        assertThat(file.text("l")).contains("größe");
        assertThat(file.items("m").orElseThrow().elements())
                .contains(List.of(new GgufValue.Text("x"), new GgufValue.Text("")));
        assertThat(file.items("n").orElseThrow().count()).isEqualTo(2);
        assertThat(file.items("o").orElseThrow().elementType()).isEqualTo(GgufValueType.FLOAT32);
    }

    @Test
    void values_are_not_found_under_the_name_of_another_type() {
        var file = read(new TestGguf().text("text", "1").uint32("whole", 1));

        assertThat(file.whole("text")).isEmpty();
        assertThat(file.text("whole")).isEmpty();
        assertThat(file.bool("whole")).isEmpty();
        assertThat(file.items("whole")).isEmpty();
        assertThat(file.whole("missing")).isEmpty();
        assertThat(file.architecture()).isEmpty();
    }

    @Test
    void tensors_keep_their_order_shape_place_and_size() {
        var file = read(new TestGguf()
                .tensor("first", TensorType.F32, 3)
                .tensor("second", TensorType.Q4_K, 512, 2)
                .tensor("third", TensorType.F16, 5, 1, 1, 2));

        assertThat(file.tensors())
                .containsExactly(
                        new TensorInfo("first", TensorType.F32, List.of(3L), 3, 0, 12),
                        new TensorInfo("second", TensorType.Q4_K, List.of(512L, 2L), 1024, 32, 576),
                        new TensorInfo("third", TensorType.F16, List.of(5L, 1L, 1L, 2L), 10, 608, 20));
        assertThat(file.dataOffset() % file.alignment()).isZero();
        assertThat(file.alignment()).isEqualTo(32);
    }

    @Test
    void a_file_may_choose_its_alignment() {
        var file = read(
                new TestGguf().alignment(64).tensor("first", TensorType.F32, 1).tensor("second", TensorType.F32, 1));

        assertThat(file.alignment()).isEqualTo(64);
        assertThat(file.tensors().getLast().offset()).isEqualTo(64);
    }

    @Test
    void version_2_is_read_like_version_3() {
        assertThat(read(TinyGguf.headerOnly().version(2)).version()).isEqualTo(2);
    }

    @Test
    void the_facts_of_a_model_are_what_its_metadata_says() {
        var facts = read(TinyGguf.headerOnly()).facts();

        assertThat(facts.kind()).isEqualTo(ModelFacts.Kind.MODEL);
        assertThat(facts.architecture()).isEqualTo("llama");
        assertThat(facts.parameterCount()).isEqualTo(12);
        assertThat(facts.fileType()).isEqualTo("F32");
        assertThat(facts.contextLength()).hasValue(256);
        assertThat(facts.embeddingLength()).hasValue(64);
        assertThat(facts.blockCount()).hasValue(1);
        assertThat(facts.pooling()).isFalse();
        assertThat(facts.chatTemplate()).isEmpty();
    }

    @Test
    void projectors_and_adapters_are_told_from_models() {
        var adapter = new TestGguf().text("general.type", "adapter").text("general.architecture", "llama");
        var projector = new TestGguf().text("general.type", "mmproj").text("general.architecture", "clip");
        var oldProjector = new TestGguf().text("general.architecture", "clip").bool("clip.has_audio_encoder", true);

        assertThat(read(adapter).facts().kind()).isEqualTo(ModelFacts.Kind.ADAPTER);
        assertThat(read(projector).facts().kind()).isEqualTo(ModelFacts.Kind.PROJECTOR);
        assertThat(read(oldProjector).facts().kind()).isEqualTo(ModelFacts.Kind.PROJECTOR);
        assertThat(read(oldProjector).facts().audioEncoder()).isTrue();
    }

    @Test
    void a_model_without_a_file_type_says_unknown() {
        assertThat(read(new TestGguf().text("general.architecture", "llama"))
                        .facts()
                        .fileType())
                .isEqualTo("unknown");
    }

    @Test
    void long_arrays_are_counted_and_only_kept_on_request() {
        var path = new TestGguf()
                .texts("words", Collections.nCopies(2000, "word"))
                .int32s("numbers", new int[2000])
                .uint32("after", 1)
                .writeTo(folder.resolve("long.gguf"));

        var usual = Gguf.read(path, Gguf.Option.STRUCTURE_ONLY);
        var all = Gguf.read(path, Gguf.Option.STRUCTURE_ONLY, Gguf.Option.ALL_ARRAYS);

        assertThat(usual.items("words").orElseThrow().count()).isEqualTo(2000);
        assertThat(usual.items("words").orElseThrow().elements()).isEmpty();
        assertThat(usual.whole("after")).hasValue(1);
        assertThat(all.items("words").orElseThrow().elements().orElseThrow()).hasSize(2000);
        assertThat(all.items("numbers").orElseThrow().elements().orElseThrow()).hasSize(2000);
    }

    @Test
    void a_text_larger_than_the_window_is_read_whole() {
        var text = "0123456789".repeat(50_000);

        var file = read(new TestGguf().text("short", "a").text("long", text).uint32("after", 7));

        assertThat(file.text("long")).contains(text);
        assertThat(file.whole("after")).hasValue(7);
    }

    @Test
    void bytes_that_are_no_utf_8_do_no_harm() {
        var file = read(new TestGguf()
                .rawEntry("bad", GgufValueType.STRING.code(), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xc3, 0x28}));

        assertThat(file.text("bad")).contains("\ufffd(");
    }

    @Test
    void a_vocabulary_without_weights_is_read_when_only_the_structure_matters() {
        var path = TinyGguf.vocabularyOnly().writeTo(folder.resolve("vocabulary.gguf"));

        assertThat(Gguf.read(path, Gguf.Option.STRUCTURE_ONLY).tensors()).isEmpty();
        assertThatThrownBy(() -> Gguf.read(path))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("GGUF file has no tensors");
    }

    @Test
    void only_what_begins_with_the_magic_is_taken_for_gguf() throws IOException {
        var gguf = TinyGguf.headerOnly().writeTo(folder.resolve("a.gguf"));
        var other = Files.writeString(folder.resolve("b.gguf"), "not a model");
        var empty = Files.createFile(folder.resolve("c.gguf"));

        assertThat(Gguf.isGguf(gguf)).isTrue();
        assertThat(Gguf.isGguf(other)).isFalse();
        assertThat(Gguf.isGguf(empty)).isFalse();
    }

    @Test
    void a_missing_file_is_named() {
        var missing = folder.resolve("missing.gguf");

        assertThatThrownBy(() -> Gguf.read(missing))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("open " + missing + ": no such file or directory");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void folders_links_fifos_and_devices_are_refused_without_waiting() throws Exception {
        var model = TinyGguf.headerOnly().writeTo(folder.resolve("model.gguf"));
        var link = Files.createSymbolicLink(folder.resolve("link.gguf"), model);
        var toDevice = Files.createSymbolicLink(folder.resolve("device.gguf"), Path.of("/dev/zero"));
        var fifo = folder.resolve("fifo.gguf");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        for (var path : List.of(folder, link, toDevice, fifo, Path.of("/dev/zero"))) {
            assertThatThrownBy(() -> Gguf.read(path))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("not a regular file: " + path);
        }
    }

    private GgufFile read(TestGguf writer) {
        return Gguf.read(writer.writeTo(folder.resolve("model.gguf")), Gguf.Option.STRUCTURE_ONLY);
    }
}
