// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.safetensors;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Safetensors files are read, and those that lie are refused with what is wrong. */
class WeightsTest {
    private static final String ONE = "model.safetensors";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    []                                                                       | is no object
                    {"a":5}                                                                  | has no object for 'a'
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{}}            | has 'a' twice
                    {"a":{"dtype":"F32","shape":[1]}}                                        | lacks dtype, shape or data_offsets
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}                   | takes 8
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,12]}}                  | outside of the file
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}                   | outside of the file
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                   | gap before 'a'
                    {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                   | says nothing about the last 4
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | overlap
                    {"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}                   | unknown type 'F31'
                    {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                  | wrong numbers
                    {"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}                 | wrong numbers
                    {"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}} | wrong numbers
                    {"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}} | shape too large
                    {"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}                 | wrong numbers
                    {"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}} | wrong numbers
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}                 | lacks dtype, shape or data_offsets
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}             | unknown key 'x'
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {}                | goes on after its end
                    {"__metadata__":{"a":{"b":1}}}                                           | that is no text
                    {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]                     | is no JSON
                    """)
    void headers_that_lie_are_refused(String header, String problem) throws IOException {
        write(ONE, header, new byte[8]);

        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(ONE)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({"-1", "1", "20", "100000001", "9223372036854775807"})
    void a_header_must_fit_its_file(long length) throws IOException {
        var bytes = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
        Files.write(folder.resolve(ONE), bytes);

        assertThatThrownBy(this::open).isInstanceOf(InvalidRequest.class).hasMessageContaining("no whole safetensors");
    }

    @Test
    void tensors_come_by_name_and_may_be_empty() throws IOException {
        write(ONE, """
                {"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
                 "a":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},"c":{"dtype":"F32","shape":[0,7],"data_offsets":[8,8]},
                 "d":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}""", new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0x40, (byte) 0x80, (byte) 0xbf, 0, 0, 0, 0});

        try (var weights = open()) {
            var tensors = weights.tensors();
            assertThat(tensors.keySet()).containsExactly("a", "b", "c", "d");
            assertThat(requireNonNull(tensors.get("a")).floats()).containsExactly(2, -1);
            assertThat(requireNonNull(tensors.get("b")).floats()).containsExactly(1);
            assertThat(requireNonNull(tensors.get("c")).floats()).isEmpty();
            assertThat(requireNonNull(tensors.get("d")).floats()).containsExactly(0);
        }
    }

    @Test
    void files_must_be_those_of_their_index() throws IOException {
        write("model-00001-of-00002.safetensors", tensor("a"), new byte[4]);
        write("model-00002-of-00002.safetensors", tensor("b"), new byte[4]);
        index("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
        try (var weights = open()) {
            assertThat(weights.tensors().keySet()).containsExactly("a", "b");
        }

        write("model-00002-of-00002.safetensors", tensor("c"), new byte[4]);
        assertThatThrownBy(this::open)
                .hasMessageContaining("missing tensors: b")
                .hasMessageContaining("tensors that it lacks: c");
        write("model-00002-of-00002.safetensors", tensor("a"), new byte[4]);
        assertThatThrownBy(this::open).hasMessageContaining("two files have a tensor 'a'");
        index("model-00001-of-00002.safetensors", "../secret.safetensors");
        assertThatThrownBy(this::open).hasMessageContaining("lacks the file ../secret.safetensors");
    }

    @Test
    void pickles_are_refused_with_what_to_do() throws IOException {
        Files.write(folder.resolve("pytorch_model.bin"), new byte[4]);

        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("safe_serialization=True");
    }

    @Test
    void a_file_that_shrinks_or_changes_is_told() throws IOException {
        write(ONE, tensor("a"), new byte[4]);
        try (var weights = open()) {
            weights.requireUnchanged();
            Files.write(folder.resolve(ONE), new byte[8]);

            assertThatThrownBy(weights::requireUnchanged).hasMessageContaining("was changed while it was read");
            assertThatThrownBy(() -> requireNonNull(weights.tensors().get("a")).floats())
                    .hasMessageContaining("was changed");
        }
    }

    @Test
    void data_beyond_two_gigabytes_is_found() throws IOException {
        var rows = 3L << 20;
        var size = rows * 1024;
        var header = """
                {"a":{"dtype":"U8","shape":[%d,1024],"data_offsets":[0,%d]}}""".formatted(rows, size).getBytes(StandardCharsets.UTF_8);
        try (var file = FileChannel.open(
                folder.resolve(ONE),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            file.write(ByteBuffer.allocate(8 + header.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .put(header)
                    .flip());
            file.write(ByteBuffer.wrap(new byte[] {7, 9}), 8 + header.length + size - 2);
        }

        try (var weights = open()) {
            var last = new float[2];
            requireNonNull(weights.tensors().get("a")).read(size - 2, last, 0, 2);
            assertThat(last).containsExactly(7, 9);
            var row = requireNonNull(weights.tensors().get("a")).slice(0, rows - 1, rows);
            assertThat(row.floats()[1023]).isEqualTo(9);
        }
    }

    private Weights open() {
        return Weights.open(ModelFiles.of(folder));
    }

    private static String tensor(String name) {
        return "{\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    }

    private void index(String first, String second) throws IOException {
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"" + first + "\",\"b\":\"" + second + "\"}}");
    }

    private void write(String name, String header, byte... data) throws IOException {
        var text = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                folder.resolve(name),
                ByteBuffer.allocate(8 + text.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(text.length)
                        .put(text)
                        .put(data)
                        .array());
    }
}
