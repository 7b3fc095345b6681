// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.gguf.TensorType;
import dev.puna.support.LittleEndianBytes;
import dev.puna.support.NativeEngineProfile;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 9.2: weights that are not what they say, uploaded as a blob and made a model of. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadGgufInputTest extends BadInputTest {
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    @Test
    void cve_2024_39720_four_bytes_of_magic() {
        server.createFrom("bad", server.upload("GGUF".getBytes(UTF_8)), "").isRefused();
    }

    @Test
    void cve_2024_39720_a_file_cut_off_at_every_byte() {
        var whole = TinyGguf.headerOnly().toArray();
        var withoutPadding = whole.length - 24;
        for (var length = 0; length < withoutPadding; length++) {
            var cut = Arrays.copyOf(whole, length);
            server.createFrom("bad", server.upload(cut), "").isRefused();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 3, 1L << 31, 0xffff_ffe0L})
    void cve_2025_0317_alignments_of_nothing_and_beyond_reason(long alignment) {
        server.create("bad", TinyGguf.headerOnly().uint32("general.alignment", alignment), "")
                .isRefused();
    }

    @Test
    void cve_2025_0317_an_alignment_below_zero_and_of_64_bits() {
        server.create("bad", TinyGguf.headerOnly().int32("general.alignment", -32), "")
                .isRefused();
        server.create("bad", TinyGguf.headerOnly().uint64("general.alignment", Long.MIN_VALUE), "")
                .isRefused();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama.block_count", "llama.attention.head_count", "llama.embedding_length"})
    void cve_2024_8063_counts_of_zero(String key) {
        server.create("bad", shaped(key, 0), "").isRefused();
        server.create("bad", shaped(key, 0xffff_ffffL), "").isRefused();
    }

    @Test
    void cve_2024_8063_values_of_wrong_types() {
        for (var key : List.of("llama.block_count", "llama.context_length", "llama.attention.head_count")) {
            server.create("bad", without(key).text(key, "many"), "").isRefused();
            server.create("bad", without(key).float32(key, Float.NaN), "").isRefused();
        }
        server.create("bad", new TestGguf().uint32("general.architecture", 7).tensor("t", TensorType.F32, 4), "")
                .isRefused();
    }

    @Test
    void cve_2025_0312_no_architecture() {
        server.create("bad", new TestGguf().text("general.name", "x").tensor("t", TensorType.F32, 4), "")
                .isRefused();
    }

    @Test
    void cve_2024_12055_lists_of_the_tokenizer_of_wrong_types() {
        server.create("bad", without("-").int32s("tokenizer.ggml.tokens", 1, 2, 3), "")
                .isRefused();
        server.create("bad", without("-").text("tokenizer.ggml.scores", "x"), "")
                .isRefused();
        server.create("bad", TinyGguf.headerOnly().int32s("tokenizer.ggml.merges", 1), "")
                .isRefused();
    }

    @Test
    void cve_2025_0312_no_tensors() {
        server.create("bad", without("-"), "").isRefused();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, -1, 1L << 40})
    void cve_2025_0315_a_text_of_2_to_the_63rd_bytes(long length) {
        var value = new LittleEndianBytes().int64(length).bytes(new byte[] {'x'});
        server.create("bad", TinyGguf.headerOnly().rawEntry("general.author", STRING, value.toArray()), "")
                .isRefused();
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, Long.MIN_VALUE, -1})
    void cve_2025_0315_an_array_of_2_to_the_40th_elements(long count) {
        for (var type : List.of(0, STRING, ARRAY)) {
            server.create("bad", TinyGguf.headerOnly().rawItems("general.tags", type, count, new byte[64]), "")
                    .isRefused();
        }
    }

    @Test
    void cve_2025_0315_arrays_in_arrays() {
        var nested = new LittleEndianBytes();
        for (var depth = 0; depth < 10_000; depth++) {
            nested.int32(ARRAY).int64(1);
        }
        server.create("bad", TinyGguf.headerOnly().rawEntry("general.tags", ARRAY, nested.toArray()), "")
                .isRefused();
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 60, -1, 1L << 32})
    void cve_2025_0315_more_entries_and_tensors_than_a_file_can_hold(long count) {
        server.create("bad", TinyGguf.headerOnly().claimEntries(count), "").isRefused();
        server.create("bad", TinyGguf.headerOnly().claimTensors(count), "").isRefused();
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 20, Long.MAX_VALUE - 31, -32})
    void cve_2026_7482_a_tensor_that_begins_beyond_the_file_is_never_quantised(long offset) {
        neverQuantised(TinyGguf.llama(2).rawTensor("blk.0.extra.weight", 1, offset, 64, 64));
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 20, 1L << 32, 1L << 61, Long.MAX_VALUE})
    void cve_2026_7482_a_tensor_larger_than_the_file_is_never_quantised(long rows) {
        neverQuantised(TinyGguf.llama(2).rawTensor("blk.0.extra.weight", 1, 0, 256, rows));
        neverQuantised(TinyGguf.llama(2).rawTensor("blk.0.extra.weight", 1, 0, 1L << 31, 1L << 31, rows, 2));
    }

    @Test
    void mllama_numbers_of_a_vision_model_out_of_range() {
        server.create(
                        "bad",
                        new TestGguf()
                                .text("general.architecture", "clip")
                                .text("general.type", "mmproj")
                                .bool("clip.has_vision_encoder", true)
                                .uint32("clip.vision.image_size", 0xffff_ffffL)
                                .uint32("clip.vision.patch_size", 0)
                                .uint32("clip.vision.block_count", 0)
                                .tensor("v.patch_embd.weight", TensorType.F32, 4),
                        "")
                .isRefused();
    }

    private void neverQuantised(TestGguf weights) {
        server.send("DELETE", "/api/delete", "{\"model\":\"bad\"}".getBytes(UTF_8));
        server.create("bad", weights, ",'quantize':'q8_0'").isRefused();
        server.create("bad", weights, "").isRefused();
        assertThat(server.post("/api/show", "{'model':'bad'}").status()).isEqualTo(404);
    }

    /** The head of a model with another number in it. */
    private static TestGguf shaped(String key, long number) {
        return without(key).uint32(key, number).tensor("token_embd.weight", TensorType.F32, 64, 4);
    }

    /** The head of a model without tensors and without one of its entries. */
    private static TestGguf without(String key) {
        var head = new TestGguf().text("general.architecture", "llama");
        List.of(
                        "llama.context_length",
                        "llama.embedding_length",
                        "llama.block_count",
                        "llama.feed_forward_length",
                        "llama.attention.head_count",
                        "llama.attention.head_count_kv")
                .stream()
                .filter(name -> !name.equals(key))
                .forEach(name -> head.uint32(name, name.endsWith("block_count") ? 1 : 64));
        return head.float32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    }
}
