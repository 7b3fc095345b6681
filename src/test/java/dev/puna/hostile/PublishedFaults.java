// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.gguf.TensorType;
import dev.puna.hostile.HostileModel.Use;
import dev.puna.support.LittleEndianBytes;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyLora;
import dev.puna.support.TinyProjector;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Files that ended, hung or broke into Ollama or llama.cpp, by the name of the fault, as far as no other test has them. */
final class PublishedFaults {
    private static final String TOKENIZER = "tokenizer.ggml.model";
    private static final int MOST_FRAMES = 100_000;
    private static final int TOO_LONG = 64 << 20;
    private static final int UINT16 = 2;
    private static final int INT8 = 24;

    private PublishedFaults() {}

    static List<HostileModel> models() {
        var models = new ArrayList<HostileModel>();
        models.add(raw(
                "CVE-2025-66960",
                "version 1, a text of 2^63 bytes",
                new LittleEndianBytes()
                        .int32(0x46554747)
                        .int32(1)
                        .int32(1)
                        .int32(1)
                        .int64(Long.MIN_VALUE)
                        .toArray()));
        models.add(raw(
                "CVE-2025-49847",
                "a token of 2^31 bytes",
                new LittleEndianBytes()
                        .int32(0x46554747)
                        .int32(3)
                        .int64(0)
                        .int64(1)
                        .text("tokenizer.ggml.tokens")
                        .int32(GgufParts.ARRAY)
                        .int32(GgufParts.STRING)
                        .int64(1)
                        .int64(1L << 31)
                        .toArray()));
        models.add(raw(
                "CVE-2026-65315",
                "dimensions, arrays and texts of 2^62 in less than a kilobyte",
                new LittleEndianBytes()
                        .int32(0x46554747)
                        .int32(3)
                        .int64(1L << 62)
                        .int64(1L << 62)
                        .text("general.architecture")
                        .int32(GgufParts.ARRAY)
                        .int32(GgufParts.ARRAY)
                        .int64(1L << 62)
                        .toArray()));
        models.add(tensors("CVE-2026-27940", "two tensors of nearly 2^63 bytes", INT8, Long.MAX_VALUE - 31, 1));
        models.add(tensors("CVE-2026-33298", "a product of dimensions that wraps around", 0, 1L << 32, 1L << 32));
        models.add(tensors("CVE-2025-53630", "sizes that add up past 2^64", 0, 1L << 60, 4));
        for (var blocks : List.of(0L, 513L, 1L << 31)) {
            models.add(changed(
                    "PR 26051, 25821", blocks + " blocks", GgufParts.UINT32, "llama.block_count", int32(blocks)));
        }
        models.add(changed(
                "PR 26318", "an alignment that is a signed number", GgufParts.INT32, "general.alignment", int32(32)));
        models.add(changed(
                "the list",
                "a template of 64 MB",
                GgufParts.STRING,
                "tokenizer.chat_template",
                new LittleEndianBytes().text("a".repeat(TOO_LONG)).toArray()));
        models.add(changed(
                "the list",
                "part 1 of 65535",
                UINT16,
                "split.count",
                new LittleEndianBytes().int16(65_535).toArray()));
        models.add(tokens("the list", "plamo2 with a byte below zero", "plamo2", "<0x0A>", "<0x-1>"));
        models.add(tokens("the list", "a vocabulary of pieces without a line end", "llama", "<0x0A>", "no line end"));
        for (var version : List.of(0, 2, 6, 99, Integer.MIN_VALUE)) {
            models.add(projector(version));
        }
        models.add(adapter());
        return models;
    }

    /** Pictures that are none, or all too many. */
    static List<byte[]> pictures() {
        return List.of(
                "no picture".getBytes(UTF_8),
                new byte[0],
                gif(0, 1, 1),
                gif(1, 1, MOST_FRAMES),
                gif(65_535, 65_535, 1),
                "P6\n0 1\n255\n".getBytes(US_ASCII),
                "P6\n2147483647 2147483647\n255\n".getBytes(US_ASCII),
                "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1073741824\n".getBytes(US_ASCII),
                "8BPS\0\1\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\1\0\10\0\3".getBytes(US_ASCII));
    }

    private static HostileModel raw(String fault, String what, byte[] file) {
        return new HostileModel(fault, what, file, Use.TEXT);
    }

    private static HostileModel changed(String fault, String what, int type, String key, byte[] value) {
        var parts = GgufParts.of(TinyGguf.llama(1).toArray());
        parts.set(key, type, value);
        return raw(fault, what, parts.toArray());
    }

    /** Two tensors that say they are of this shape; written anew, which reads them all. */
    private static HostileModel tensors(String fault, String what, int type, long width, long height) {
        var file = new TestGguf().text("general.architecture", "llama");
        file.rawTensor("token_embd.weight", type, 0, width, height);
        file.rawTensor("output.weight", type, 32, width, height);
        return new HostileModel(fault, what, file.toArray(), Use.QUANTIZED);
    }

    private static HostileModel tokens(String fault, String what, String kind, String from, String to) {
        var parts = GgufParts.of(TinyGguf.llama(1).toArray());
        parts.set(
                TOKENIZER, GgufParts.STRING, new LittleEndianBytes().text(kind).toArray());
        var texts = parts.entry("tokenizer.ggml.tokens").orElseThrow().texts();
        var tokens = new LittleEndianBytes().int32(GgufParts.STRING).int64(texts.size());
        texts.forEach(text -> tokens.text(text.equals(from) ? to : text));
        parts.set("tokenizer.ggml.tokens", GgufParts.ARRAY, tokens.toArray());
        return raw(fault, what, parts.toArray());
    }

    private static HostileModel projector(int version) {
        var parts = GgufParts.of(TinyProjector.llava(1).toArray());
        var minicpm = new LittleEndianBytes().text("resampler").toArray();
        parts.set("clip.projector_type", GgufParts.STRING, minicpm);
        parts.set("clip.has_minicpmv_projector", GgufParts.BOOL, new byte[] {1});
        parts.set("clip.minicpmv_version", GgufParts.INT32, int32(version));
        return new HostileModel("issue 27166", "minicpmv_version " + version, parts.toArray(), Use.PROJECTOR);
    }

    private static HostileModel adapter() {
        var adapter = TinyLora.header("llama");
        adapter.tensor("blk.0.attn_q.weight.lora_a", TensorType.F32, 64, 0);
        adapter.tensor("blk.0.attn_q.weight.lora_b", TensorType.F32, 0, 64);
        return new HostileModel("the list", "an adapter of rank 0", adapter.toArray(), Use.ADAPTER);
    }

    private static byte[] int32(long value) {
        return new LittleEndianBytes().int32((int) value).toArray();
    }

    /** Of one colour, with so many frames of one point. */
    private static byte[] gif(int width, int height, int frames) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("GIF89a".getBytes(US_ASCII));
        bytes.writeBytes(new LittleEndianBytes()
                .int16(width)
                .int16(height)
                .int8(0x80)
                .int8(0)
                .int8(0)
                .toArray());
        bytes.writeBytes(new byte[6]);
        var frame = new LittleEndianBytes()
                .int8(0x2c)
                .int16(0)
                .int16(0)
                .int16(1)
                .int16(1)
                .int8(0)
                .int8(2)
                .int8(2)
                .int8(0x44)
                .int8(1)
                .int8(0)
                .toArray();
        for (var i = 0; i < frames; i++) {
            bytes.writeBytes(frame);
        }
        bytes.write(0x3b);
        return bytes.toByteArray();
    }
}
