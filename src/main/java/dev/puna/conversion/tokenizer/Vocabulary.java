// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Entries;
import dev.puna.gguf.GgufValue;
import dev.puna.gguf.GgufValueType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The tokens of a GGUF by their ids, each with a type and perhaps a score. <b>Threads:</b> one. */
final class Vocabulary {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    private final Texts texts = new Texts();
    /** Numbers of texts, -1 for tokens that were not set. */
    private final int[] numbers;

    private final float[] scores;
    private final int[] types;

    /** Fills it with tokens that are never used. */
    Vocabulary(int size, float score) {
        numbers = new int[size];
        Arrays.fill(numbers, -1);
        scores = new float[size];
        types = new int[size];
        Arrays.fill(scores, score);
        Arrays.fill(types, UNUSED);
    }

    int size() {
        return types.length;
    }

    void set(int id, byte[] text, float score, int type) {
        numbers[id] = texts.count();
        texts.add(text);
        scores[id] = score;
        types[id] = type;
    }

    int type(int id) {
        return types[id];
    }

    void setType(int id, int type) {
        types[id] = type;
    }

    float score(int id) {
        return scores[id];
    }

    /** The text of a token; of one that was never set its number in brackets. */
    byte[] text(int id) {
        return numbers[id] < 0 ? ("[PAD" + id + "]").getBytes(StandardCharsets.UTF_8) : texts.get(numbers[id]);
    }

    void write(Entries entries, boolean withScores) {
        var tokens = new Texts();
        for (var id = 0; id < size(); id++) {
            tokens.add(text(id));
        }
        put(entries, "tokenizer.ggml.tokens", tokens.packed());
        if (withScores) {
            var bytes = little(size());
            bytes.asFloatBuffer().put(scores);
            put(entries, "tokenizer.ggml.scores", new GgufValue.Packed(GgufValueType.FLOAT32, size(), bytes));
        }
        var bytes = little(size());
        bytes.asIntBuffer().put(types);
        put(entries, "tokenizer.ggml.token_type", new GgufValue.Packed(GgufValueType.INT32, size(), bytes));
    }

    private static void put(Entries entries, String key, GgufValue.Packed value) {
        if (value.count() > 0) {
            entries.put(key, value);
        }
    }

    private static ByteBuffer little(int count) {
        return ByteBuffer.allocate(Integer.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
    }
}
