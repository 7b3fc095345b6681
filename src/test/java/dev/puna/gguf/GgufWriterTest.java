// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GgufWriterTest {
    private static final int ALIGNMENT = 32;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void what_is_written_is_read_again() throws IOException {
        var texts = List.<GgufValue>of(new GgufValue.Text("a"), new GgufValue.Text("é"));
        var entries = List.of(
                new GgufValue.Whole(GgufValueType.UINT8, 200),
                new GgufValue.Whole(GgufValueType.INT16, -2),
                new GgufValue.Whole(GgufValueType.UINT64, -1),
                new GgufValue.Real(GgufValueType.FLOAT32, 0.5),
                new GgufValue.Real(GgufValueType.FLOAT64, 0.1),
                new GgufValue.Bool(true),
                new GgufValue.Text("text"),
                new GgufValue.Items(GgufValueType.STRING, 2, Optional.of(texts)));
        var builder = GgufLayout.builder(ALIGNMENT);
        for (var i = 0; i < entries.size(); i++) {
            builder.entry("key" + i, entries.get(i));
        }
        var layout = builder.tensor("first", TensorType.F32, List.of(3L, 1L), 12)
                .tensor("second", TensorType.F32, List.of(8L), 32)
                .build();

        var writer = new GgufWriter(layout, this::take);
        for (var value = 1; value <= 44; value++) {
            writer.write(ByteBuffer.wrap(new byte[] {(byte) value}));
        }
        writer.finish();

        assertThat(layout.fileSize()).isEqualTo(out.size());
        var header = Gguf.read(
                Files.write(folder.resolve("file"), out.toByteArray()),
                Gguf.Option.STRUCTURE_ONLY,
                Gguf.Option.ALL_ARRAYS);
        for (var i = 0; i < entries.size(); i++) {
            assertThat(header.metadata().get("key" + i)).isEqualTo(entries.get(i));
        }
        assertThat(header.tensors()).extracting(TensorInfo::offset).containsExactly(0L, 32L);
        assertThat(header.tensors().getFirst().shape()).containsExactly(3L, 1L);
        assertThat(data(header, 0, 12)).startsWith(1, 2).endsWith(12);
        assertThat(data(header, 12, 20)).containsOnly(0);
        assertThat(data(header, 32, 32)).startsWith(13).endsWith(44);
    }

    @Test
    void one_piece_may_hold_the_data_of_several_tensors() {
        var writer = new GgufWriter(twoNumbers(), this::take);
        writer.write(ByteBuffer.wrap(new byte[] {1, 1, 1, 1, 2, 2, 2, 2}));
        writer.finish();

        assertThat(out.size()).isEqualTo((int) twoNumbers().fileSize());
        assertThat(out.toByteArray()[out.size() - ALIGNMENT]).isEqualTo((byte) 2);
    }

    @Test
    void a_file_without_tensors_is_its_header() {
        new GgufWriter(GgufLayout.builder(ALIGNMENT).build(), this::take).finish();

        assertThat(out.size()).isEqualTo(ALIGNMENT);
    }

    @Test
    void data_that_is_missing_or_left_over_is_refused() {
        var writer = new GgufWriter(twoNumbers(), this::take);
        writer.write(ByteBuffer.allocate(6));

        assertThatThrownBy(writer::finish)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor 2 of 2 lacks 2 bytes");
        assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("more data than the tensors have: 1 bytes");
    }

    @Test
    void an_array_whose_elements_were_not_kept_cannot_be_written() {
        var layout = GgufLayout.builder(ALIGNMENT);
        var items = new GgufValue.Items(GgufValueType.UINT8, 2, Optional.empty());

        assertThatThrownBy(() -> layout.entry("key", items)).isInstanceOf(IllegalArgumentException.class);
    }

    private static GgufLayout twoNumbers() {
        return GgufLayout.builder(ALIGNMENT)
                .tensor("first", TensorType.F32, List.of(1L), 4)
                .tensor("second", TensorType.F32, List.of(1L), 4)
                .build();
    }

    private byte[] data(GgufFile header, int from, int length) {
        var start = (int) header.dataOffset() + from;
        return Arrays.copyOfRange(out.toByteArray(), start, start + length);
    }

    private void take(ByteBuffer piece) {
        var bytes = new byte[piece.remaining()];
        piece.get(bytes);
        out.writeBytes(bytes);
    }
}
