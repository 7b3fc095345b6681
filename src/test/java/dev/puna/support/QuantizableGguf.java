// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A model of a megabyte whose rows are whole blocks of every type, and importance matrices for it, the same each time. */
public final class QuantizableGguf {
    private static final int WIDTH = 256;
    private static final int FEED_FORWARD = 512;
    private static final List<String> MATRICES =
            List.of("attn_k", "attn_output", "attn_q", "attn_v", "ffn_down", "ffn_gate", "ffn_up");

    private QuantizableGguf() {}

    /** One layer, and an output of its own. */
    public static TestGguf llama() {
        var random = new Random(1);
        var model = new TestGguf()
                .text("general.architecture", "llama")
                .uint32("general.file_type", 0)
                .uint32("llama.context_length", 64)
                .uint32("llama.embedding_length", WIDTH)
                .uint32("llama.block_count", 1)
                .uint32("llama.feed_forward_length", FEED_FORWARD)
                .uint32("llama.attention.head_count", 4)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .texts("tokenizer.ggml.tokens", List.of("<unk>", "a", "b", "c"))
                .tensor("output_norm.weight", new long[] {WIDTH}, values(random, WIDTH))
                .tensor("output.weight", new long[] {WIDTH, 4}, values(random, WIDTH * 4))
                .tensor("token_embd.weight", new long[] {WIDTH, 4}, values(random, WIDTH * 4));
        for (var name : MATRICES) {
            var rows = name.equals("ffn_gate") || name.equals("ffn_up") ? FEED_FORWARD : WIDTH;
            model.tensor(
                    "blk.0." + name + ".weight",
                    new long[] {columns(name), rows},
                    values(random, columns(name) * rows));
        }
        return model;
    }

    /** A matrix in the form of a GGUF. */
    public static TestGguf matrix() {
        var random = new Random(2);
        var matrix = new TestGguf()
                .text("general.type", "imatrix")
                .texts("imatrix.datasets", List.of("text.txt"))
                .uint32("imatrix.chunk_count", 3)
                .uint32("imatrix.chunk_size", 64);
        for (var name : MATRICES) {
            matrix.tensor("blk.0." + name + ".weight.in_sum2", new long[] {columns(name), 1}, sums(random, name));
            matrix.tensor("blk.0." + name + ".weight.counts", new long[] {1, 1}, 192);
        }
        return matrix;
    }

    /** Another one in the older form. */
    public static byte[] oldMatrix() {
        var random = new Random(3);
        var bytes = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN).putInt(MATRICES.size());
        for (var name : MATRICES) {
            text(bytes, "blk.0." + name + ".weight");
            bytes.putInt(3).putInt(columns(name));
            for (var sum : sums(random, name)) {
                bytes.putFloat(sum);
            }
        }
        text(bytes.putInt(3), "text.txt");
        var whole = new byte[bytes.flip().remaining()];
        bytes.get(whole);
        return whole;
    }

    /** Writes the model and both matrices, as they were given to llama-quantize. */
    public static void writeTo(Path folder) {
        try {
            llama().writeTo(folder.resolve("model.gguf"));
            matrix().writeTo(folder.resolve("imatrix.gguf"));
            Files.write(folder.resolve("imatrix.dat"), oldMatrix());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void text(ByteBuffer to, String text) {
        to.putInt(text.length());
        text.chars().forEach(character -> to.put((byte) character));
    }

    private static int columns(String name) {
        return name.equals("ffn_down") ? FEED_FORWARD : WIDTH;
    }

    private static float[] values(Random random, int count) {
        var values = new float[count];
        for (var i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * 0.1);
        }
        return values;
    }

    private static float[] sums(Random random, String name) {
        var values = values(random, columns(name));
        for (var i = 0; i < values.length; i++) {
            values[i] = 192 * values[i] * values[i];
        }
        return values;
    }
}
