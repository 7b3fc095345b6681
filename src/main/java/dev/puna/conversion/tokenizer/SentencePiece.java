// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A vocabulary of SentencePiece, {@code tokenizer.model}: a message of protocol buffers, read without a library. <b>Threads:</b> one.
 */
final class SentencePiece {
    /** A Unigram model. */
    static final long UNIGRAM = 1;

    private static final int MAX_LENGTH = 32 << 20;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    /** Pieces are marked so where nothing is said. */
    private static final int NORMAL = 1;

    private final String name;
    private final Texts texts = new Texts();
    private final FloatList scores = new FloatList();
    private final FloatList types = new FloatList();
    private long modelType = UNIGRAM;
    private boolean dummyPrefix = true;
    private boolean removesSpaces = true;
    private byte[] charactersMap = {};

    private SentencePiece(String name) {
        this.name = name;
    }

    /**
     * Reads a file.
     *
     * @param name for errors
     */
    static SentencePiece read(String name, Path path) {
        try (var in = Files.newInputStream(path)) {
            var bytes = in.readNBytes(MAX_LENGTH + 1);
            if (bytes.length > MAX_LENGTH) {
                throw new InvalidRequest(name + " is longer than 32 MB: that is no vocabulary of SentencePiece");
            }
            var model = new SentencePiece(name);
            model.fields(ByteBuffer.wrap(bytes), model::topLevel);
            if (model.size() == 0) {
                throw new InvalidRequest(name + " is no vocabulary of SentencePiece: it has no pieces");
            }
            return model;
        } catch (IOException e) {
            throw new InvalidRequest("cannot read " + name + ": " + e.getMessage());
        }
    }

    int size() {
        return texts.count();
    }

    byte[] piece(int id) {
        return texts.get(id);
    }

    float score(int id) {
        return scores.get(id);
    }

    /** A type as GGUF has them too; one that users added counts as normal, as SentencePiece's own functions tell it. */
    int type(int id) {
        var type = (int) types.get(id);
        return type == Vocabulary.USER_DEFINED ? NORMAL : type;
    }

    /** How the model cuts texts: {@link #UNIGRAM}, or 2 for BPE. */
    long modelType() {
        return modelType;
    }

    boolean dummyPrefix() {
        return dummyPrefix;
    }

    boolean removesSpaces() {
        return removesSpaces;
    }

    /** A compiled table of normalisation; may be empty. */
    byte[] charactersMap() {
        return charactersMap;
    }

    /** What is done with a field: its number, and its value as a number or as bytes. */
    private interface Field {
        void take(int number, long value, ByteBuffer bytes);
    }

    private void topLevel(int number, long value, ByteBuffer bytes) {
        switch (number) {
            case 1 -> piece(bytes);
            case 2 ->
                fields(bytes, (field, is, _) -> {
                    if (field == 3) {
                        modelType = is;
                    }
                });
            case 3 -> fields(bytes, this::normalizer);
            default -> {}
        }
    }

    private void piece(ByteBuffer bytes) {
        var text = new byte[][] {{}};
        var score = new float[1];
        var type = new long[] {NORMAL};
        fields(bytes, (number, value, content) -> {
            switch (number) {
                case 1 -> text[0] = copy(content);
                case 2 -> score[0] = Float.intBitsToFloat((int) value);
                case 3 -> type[0] = value;
                default -> {}
            }
        });
        if (type[0] < NORMAL || type[0] > Vocabulary.BYTE) {
            throw damaged();
        }
        texts.add(text[0]);
        scores.add(score[0]);
        types.add((float) type[0]);
    }

    private void normalizer(int number, long value, ByteBuffer bytes) {
        switch (number) {
            case 2 -> charactersMap = copy(bytes);
            case 3 -> dummyPrefix = value != 0;
            case 4 -> removesSpaces = value != 0;
            default -> {}
        }
    }

    private void fields(ByteBuffer message, Field field) {
        var bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            var tag = varint(bytes);
            var number = (int) Math.min(tag >>> 3, Integer.MAX_VALUE);
            switch ((int) tag & 7) {
                case VARINT -> field.take(number, varint(bytes), ByteBuffer.allocate(0));
                case FIXED64 -> field.take(number, need(bytes, Long.BYTES).getLong(), ByteBuffer.allocate(0));
                case FIXED32 -> field.take(number, need(bytes, Integer.BYTES).getInt(), ByteBuffer.allocate(0));
                case BYTES -> {
                    var length = varint(bytes);
                    if (number == 0 || length < 0 || length > bytes.remaining()) {
                        throw damaged();
                    }
                    field.take(number, 0, bytes.slice(bytes.position(), (int) length));
                    bytes.position(bytes.position() + (int) length);
                }
                default -> throw damaged();
            }
        }
    }

    private long varint(ByteBuffer bytes) {
        var value = 0L;
        for (var shift = 0; shift < Long.SIZE; shift += 7) {
            var next = need(bytes, 1).get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private ByteBuffer need(ByteBuffer bytes, int count) {
        if (bytes.remaining() < count) {
            throw damaged();
        }
        return bytes;
    }

    private InvalidRequest damaged() {
        return new InvalidRequest(name + " is no vocabulary of SentencePiece, or is damaged: download it again");
    }

    private static byte[] copy(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
