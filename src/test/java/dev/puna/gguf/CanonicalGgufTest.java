// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.Digest;
import dev.puna.support.TestGguf;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CanonicalGgufTest {
    @TempDir
    Path folder;

    /** The digests are those that the real server gave these files: recordings 065, 302 and 052. */
    @Test
    void real_files_get_the_bytes_that_llama_quantize_gives_them() {
        assertThat(digest(TestModels.miniLm()))
                .isEqualTo("3be9f307d21a2426677ff934f01d5ab9a409a49859a5da2f5b6be0a9a2bfe0b9");
        assertThat(digest(TestModels.smolLm2()))
                .isEqualTo("941f309b54caaad6747569ba43712bcde44a2be3bae16c3282ff499c37c54af5");
        assertThat(CanonicalGguf.of(TestModels.gemma(), Gguf.read(TestModels.gemma())))
                .isEmpty();
    }

    @Test
    void what_the_file_holds_stays_the_same_but_for_its_order() throws IOException {
        var source = write(TinyGguf.llama(1)
                .alignment(64)
                .text("after", "the end")
                .tensor("blk.10.x.weight", new long[] {3, 1}, 1, 2, 3)
                .tensor("blk.9.x.weight", new long[] {2}, 4, 5));

        var before = Gguf.read(source);
        var normal = write(CanonicalGguf.of(source, before).orElseThrow());
        var after = Gguf.read(normal);

        assertThat(after.metadata()).containsAllEntriesOf(before.metadata());
        assertThat(after.metadata().keySet()).endsWith("general.quantization_version", "general.file_type");
        assertThat(after.tensors())
                .extracting(TensorInfo::name)
                .endsWith("blk.9.x.weight", "blk.10.x.weight")
                .containsExactlyInAnyOrderElementsOf(
                        before.tensors().stream().map(TensorInfo::name).toList());
        assertThat(after.tensors().getLast().shape()).containsExactly(3L);
        assertThat(data(normal, after, "blk.10.x.weight")).isEqualTo(data(source, before, "blk.10.x.weight"));
        assertThat(data(normal, after, "blk.9.x.weight")).isEqualTo(data(source, before, "blk.9.x.weight"));
        assertThat(CanonicalGguf.of(normal, after)).isEmpty();
    }

    @Test
    void a_file_that_does_not_say_its_type_stays_as_it_is() {
        var source = write(new TestGguf().text("general.architecture", "llama").tensor("b", TensorType.F32, 2));
        var header = Gguf.read(source, Gguf.Option.STRUCTURE_ONLY);

        assertThat(CanonicalGguf.of(source, header)).isEmpty();
    }

    /** llama.cpp ends the process over less than 32, which the format allows. */
    @Test
    void a_file_aligned_to_less_than_32_bytes_is_written_anew() throws IOException {
        var source = write(TinyGguf.llama(1).alignment(8));
        var before = Gguf.read(source);

        var normal = write(CanonicalGguf.mended(source, before).orElseThrow());
        var after = Gguf.read(normal);

        assertThat(CanonicalGguf.isAligned(before)).isFalse();
        assertThat(after.alignment()).isEqualTo(32);
        assertThat(after.metadata()).doesNotContainKey("general.alignment");
        assertThat(after.tensors())
                .allSatisfy(tensor -> assertThat(tensor.offset() % 32).isZero());
        for (var tensor : before.tensors()) {
            assertThat(data(normal, after, tensor.name())).isEqualTo(data(source, before, tensor.name()));
        }
        assertThat(CanonicalGguf.mended(normal, after)).isEmpty();
    }

    /** An official file of Gemma 4 holds one; the last is the one that llama.cpp would find. */
    @Test
    void a_token_that_another_one_repeats_gets_a_text_of_its_own() {
        var tokens = List.of("<unk>", "a", "b", "a", "", "", "a\u200b");
        var source = write(vocabulary(tokens));

        var after = Gguf.read(
                written(CanonicalGguf.mended(source, Gguf.read(source)).orElseThrow()), Gguf.Option.ALL_ARRAYS);

        var texts = after.items("tokenizer.ggml.tokens").orElseThrow().elements().orElseThrow().stream()
                .map(token -> token instanceof GgufValue.Text(var text) ? text : "no text")
                .toList();
        assertThat(texts).startsWith("<unk>").endsWith("b", "a", "", "", "a\u200b");
        assertThat(texts.get(1)).isEqualTo("a\u200b\u200b");
        assertThat(CanonicalGguf.mended(
                        source, Gguf.read(write(vocabulary(List.of("<unk>", "a", "b", "", "", "c", "d"))))))
                .isEmpty();
    }

    @Test
    void a_vocabulary_of_one_text_is_refused() {
        var source = write(vocabulary(Collections.nCopies(5000, "a")));

        assertThatThrownBy(() -> CanonicalGguf.mended(source, Gguf.read(source)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("more than 1024 tokens twice");
    }

    private static TestGguf vocabulary(List<String> tokens) {
        return new TestGguf()
                .text("general.architecture", "llama")
                .uint32("llama.block_count", 1)
                .uint32("llama.context_length", 8)
                .uint32("llama.embedding_length", 8)
                .texts("tokenizer.ggml.tokens", tokens)
                .text("tokenizer.ggml.model", "llama")
                .tensor("token_embd.weight", TensorType.F32, 2);
    }

    private Path written(CanonicalGguf form) {
        try {
            return write(form);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(Path file) {
        var hash = Digest.newHash();
        CanonicalGguf.of(file, Gguf.read(file)).orElseThrow().writeTo(hash::update);
        return Digest.ofHash(hash).hex();
    }

    private Path write(TestGguf file) {
        return file.writeTo(folder.resolve("source.gguf"));
    }

    private Path write(CanonicalGguf form) throws IOException {
        var bytes = new ByteArrayOutputStream();
        form.writeTo(piece -> {
            var copy = new byte[piece.remaining()];
            piece.get(copy);
            bytes.writeBytes(copy);
        });
        return Files.write(folder.resolve("normal.gguf"), bytes.toByteArray());
    }

    private static byte[] data(Path path, GgufFile file, String name) throws IOException {
        var tensor = file.tensors().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        try (var in = Files.newInputStream(path)) {
            in.skipNBytes(file.dataOffset() + tensor.offset());
            return in.readNBytes((int) tensor.size());
        }
    }
}
