// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.support.GgufWriter;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NormalFormTest {
    @TempDir
    Path folder;

    /** The digests are those that the real server gave these files: recordings 065, 302 and 052. */
    @Test
    void real_files_get_the_bytes_that_llama_quantize_gives_them() {
        assertThat(digest(TestModels.miniLm()))
                .isEqualTo("3be9f307d21a2426677ff934f01d5ab9a409a49859a5da2f5b6be0a9a2bfe0b9");
        assertThat(digest(TestModels.smolLm2()))
                .isEqualTo("941f309b54caaad6747569ba43712bcde44a2be3bae16c3282ff499c37c54af5");
        assertThat(NormalForm.of(TestModels.gemma(), Gguf.read(TestModels.gemma())))
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
        var normal = write(NormalForm.of(source, before).orElseThrow());
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
        assertThat(NormalForm.of(normal, after)).isEmpty();
    }

    @Test
    void a_file_that_does_not_say_its_type_stays_as_it_is() {
        var source =
                write(new GgufWriter().text("general.architecture", "llama").tensor("b", TensorType.F32, 2));
        var header = Gguf.read(source, Gguf.Option.STRUCTURE_ONLY);

        assertThat(NormalForm.of(source, header)).isEmpty();
    }

    private static String digest(Path file) {
        var hash = Digest.newHash();
        NormalForm.of(file, Gguf.read(file)).orElseThrow().writeTo(hash::update);
        return Digest.ofHash(hash).hex();
    }

    private Path write(GgufWriter file) {
        return file.writeTo(folder.resolve("source.gguf"));
    }

    private Path write(NormalForm form) throws IOException {
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
