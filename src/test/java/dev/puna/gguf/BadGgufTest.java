// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of contract 9.2, each of which has brought a server down once, and the limits of 9.1. */
class BadGgufTest {
    private static final int STRING = GgufValueType.STRING.code();
    private static final int ARRAY = GgufValueType.ARRAY.code();
    private static final int UINT32 = GgufValueType.UINT32.code();

    @TempDir
    Path folder;

    /** CVE-2024-39720. */
    @Test
    void four_bytes_of_magic_are_not_a_model() throws IOException {
        refuses("GGUF".getBytes(StandardCharsets.US_ASCII), "GGUF file is cut short");
    }

    @Test
    void an_empty_file_is_not_a_model() throws IOException {
        refuses(new byte[0], "invalid file magic");
    }

    @Test
    void other_magic_is_refused() {
        refuses(TinyGguf.headerOnly().magic(0x47475546), "invalid file magic");
        refuses(TinyGguf.headerOnly().magic(0x67676d6c), "invalid file magic");
    }

    @Test
    void other_versions_are_refused() {
        refuses(TinyGguf.headerOnly().version(0), "unsupported GGUF version: 0");
        refuses(TinyGguf.headerOnly().version(1), "unsupported GGUF version: 1");
        refuses(TinyGguf.headerOnly().version(4), "unsupported GGUF version: 4");
        refuses(TinyGguf.headerOnly().version(-1), "unsupported GGUF version: 4294967295");
        refuses(TinyGguf.headerOnly().version(0x0300_0000), "big-endian GGUF files are not supported");
    }

    /** CVE-2025-0315 and issue 17042: nothing is allocated by a number that the file cannot back. */
    @ParameterizedTest
    @ValueSource(longs = {1L << 60, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20, 1000})
    void more_entries_than_the_file_can_hold_are_refused(long count) {
        refuses(TinyGguf.headerOnly().claimEntries(count), "cannot hold " + Long.toUnsignedString(count) + " metadata");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 60, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20, 1000})
    void more_tensors_than_the_file_can_hold_are_refused(long count) {
        refuses(TinyGguf.headerOnly().claimTensors(count), "cannot hold " + Long.toUnsignedString(count) + " tensors");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, Long.MAX_VALUE, (16L << 20) + 1})
    void texts_longer_than_16_mib_are_refused(long length) {
        refuses(
                new TestGguf().rawEntry("text", STRING, longs(length)),
                "GGUF string length " + Long.toUnsignedString(length) + " exceeds the limit of 16777216");
    }

    @Test
    void a_text_longer_than_the_rest_of_the_file_is_refused() {
        refuses(new TestGguf().rawEntry("text", STRING, longs(16L << 20)), "GGUF file is cut short");
    }

    @Test
    void keys_longer_than_64_kib_are_refused() {
        refuses(new TestGguf().uint32("k".repeat(65_536), 1), "GGUF key length 65536 exceeds the limit of 65535");
    }

    @Test
    void empty_and_repeated_keys_are_refused() {
        refuses(new TestGguf().uint32("", 1), "GGUF metadata key is empty");
        refuses(new TestGguf().uint32("k", 1).uint32("k", 1), "duplicate GGUF metadata key: k");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, (64L << 20) + 1, -1, Long.MIN_VALUE})
    void arrays_longer_than_64_mi_elements_are_refused(long count) {
        refuses(
                new TestGguf().rawItems("items", UINT32, count, new byte[4]),
                "GGUF array size " + Long.toUnsignedString(count) + " of key items exceeds the limit");
    }

    @ParameterizedTest
    @ValueSource(longs = {64L << 20, 100})
    void arrays_longer_than_the_rest_of_the_file_are_refused(long count) {
        refuses(new TestGguf().rawItems("items", UINT32, count, new byte[4]), "exceeds the file");
        refuses(new TestGguf().rawItems("items", STRING, count, new byte[4]), "exceeds the file");
    }

    @Test
    void arrays_of_arrays_are_refused() {
        refuses(new TestGguf().rawItems("items", ARRAY, 1, new byte[64]), "GGUF array of arrays is not supported");
    }

    @Test
    void unknown_types_of_values_are_refused() {
        refuses(new TestGguf().rawEntry("key", 13, new byte[8]), "unknown GGUF value type 13 of key key");
        refuses(new TestGguf().rawEntry("key", -1, new byte[8]), "unknown GGUF value type 4294967295 of key key");
        refuses(new TestGguf().rawItems("key", 99, 1, new byte[8]), "unknown GGUF value type 99 of key key");
    }

    /** A file of the largest allowed texts would fill the memory one after the other. */
    @Test
    void metadata_that_would_fill_the_memory_is_refused() {
        var path = new TestGguf()
                .text("a", "x".repeat(16 << 20))
                .text("b", "x".repeat(16 << 20))
                .text("c", "x".repeat(16 << 20))
                .text("d", "x".repeat(16 << 20))
                .text("e", "x")
                .writeTo(folder.resolve("model.gguf"));

        assertThatThrownBy(() -> Gguf.read(path))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("GGUF metadata is too large to be read");
    }

    /** CVE-2024-8063 and CVE-2025-0317: the padding is computed by dividing by it. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1, 7, 33, 1L << 21, 1L << 31})
    void an_alignment_of_zero_or_beyond_reason_is_refused(long alignment) {
        refuses(
                TinyGguf.headerOnly().uint32("general.alignment", alignment),
                "invalid GGUF alignment: " + (alignment & 0xffff_ffffL));
    }

    @Test
    void an_alignment_of_another_type_is_refused() {
        refuses(TinyGguf.headerOnly().uint64("general.alignment", 32), "invalid GGUF alignment: not of type UINT32");
        refuses(TinyGguf.headerOnly().text("general.alignment", "32"), "invalid GGUF alignment: not of type UINT32");
    }

    @Test
    void more_than_four_dimensions_are_refused() {
        refuses(new TestGguf().rawTensor("t", 0, 0, 1, 1, 1, 1, 1), "tensor \"t\" has 5 dimensions (at most 4)");
    }

    @Test
    void dimensions_of_nothing_or_less_are_refused() {
        refuses(new TestGguf().rawTensor("t", 0, 0, 0), "tensor \"t\" shape [0] is not positive");
        refuses(new TestGguf().rawTensor("t", 0, 0, 4, -1), "tensor \"t\" shape [4, -1] is not positive");
    }

    /** CVE-2026-7482: a product that wraps around looks as if it fitted. */
    @Test
    void shapes_whose_product_overflows_are_refused() {
        refuses(new TestGguf().rawTensor("t", 0, 0, 1L << 32, 1L << 32), "shape [4294967296, 4294967296] is too large");
        refuses(new TestGguf().rawTensor("t", 0, 0, Long.MAX_VALUE), "is too large");
        refuses(new TestGguf().rawTensor("t", 0, 0, 1L << 61, 1, 1, 2), "is too large");
    }

    /** CVE-2026-7482: what lies behind the end of the file is other people's memory. */
    @Test
    void tensors_that_reach_beyond_the_file_are_refused() {
        refuses(new TestGguf().rawTensor("t", 0, 0, 1000), "tensor \"t\" offset+size");
        refuses(TinyGguf.headerOnly().rawTensor("t", 0, 64, 1000), "exceeds file size");
    }

    @Test
    void tensors_that_begin_beyond_the_file_are_refused() {
        refuses(new TestGguf().rawTensor("t", 0, 1L << 40, 1), "exceeds file size");
        refuses(new TestGguf().rawTensor("t", 0, Long.MAX_VALUE - 31, 1), "exceeds file size");
        refuses(new TestGguf().rawTensor("t", 0, -32, 1), "is not a multiple of the alignment (32)");
        refuses(
                new TestGguf().rawTensor("t", 0, 4, 1),
                "tensor \"t\" offset (4) is not a multiple of the alignment (32)");
    }

    @Test
    void tensors_that_overlap_or_leave_a_gap_are_refused() {
        refuses(TinyGguf.headerOnly().rawTensor("t", 0, 0, 1), "is not where the tensor before it ends (64)");
        refuses(
                new TestGguf().rawTensor("t", 0, 32, 1).tensor("data", TensorType.F32, 64),
                "tensor \"t\" offset (32) is not where the tensor before it ends (0)");
    }

    @Test
    void rows_that_are_no_whole_blocks_are_refused() {
        refuses(
                new TestGguf().rawTensor("t", TensorType.Q4_K.code(), 0, 255),
                "tensor \"t\" of type Q4_K has rows of 255 elements, which is not a multiple of 256");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 31, 36, 43, 1000, -1})
    void unknown_types_of_tensors_are_refused(int type) {
        refuses(new TestGguf().rawTensor("t", type, 0, 256), "tensor \"t\" has unknown type");
    }

    @Test
    void two_tensors_of_one_name_are_refused() {
        refuses(new TestGguf().tensor("t", TensorType.F32, 1).tensor("t", TensorType.F32, 1), "duplicate tensor \"t\"");
    }

    @Test
    void names_of_tensors_that_llama_cpp_would_cut_are_refused() {
        refuses(
                new TestGguf().tensor("t".repeat(64), TensorType.F32, 1),
                "GGUF tensor name length 64 exceeds the limit of 63");
    }

    @Test
    void bytes_after_the_last_tensor_do_no_harm() throws IOException {
        var bytes = Arrays.copyOf(TinyGguf.headerOnly().toArray(), 4096);

        var file = Gguf.read(Files.write(folder.resolve("model.gguf"), bytes));

        assertThat(file.fileSize()).isEqualTo(4096);
    }

    private void refuses(TestGguf writer, String message) {
        try {
            refuses(writer.toArray(), message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refuses(byte[] content, String message) throws IOException {
        var path = Files.write(folder.resolve("model.gguf"), content);

        assertThatThrownBy(() -> Gguf.read(path))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(message);
    }

    private static byte[] longs(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
