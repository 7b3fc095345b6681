// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.IntList;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One frame as parts that are to be written one behind the other. Numbers have a fixed width, the least significant byte first; texts
 * and lists begin with their count; texts are UTF-8, where half a surrogate pair becomes {@code ?}, as in all that the engine gives to
 * llama.cpp. Large arrays are not copied. One thread.
 */
final class BodyWriter {
    /** Bytes from which on an array becomes a part of its own. */
    static final int BY_REFERENCE = 1 << 12;

    private static final int FIRST = 1 << 7;
    private static final int LARGEST = 1 << 16;

    private final int longest;
    private final List<ByteBuffer> parts = new ArrayList<>(1);
    private ByteBuffer chunk = chunk(FIRST);
    private int nextChunk = 2 * FIRST;
    private long length;

    private BodyWriter(int longest) {
        this.longest = longest;
    }

    /**
     * A frame.
     *
     * @param kind the place of the kind among its like
     * @param longest bytes that its body may have
     * @throws InvalidRequest if it would have more
     */
    static List<ByteBuffer> frame(int kind, long call, int longest, Consumer<BodyWriter> body) {
        var out = new BodyWriter(longest);
        var header = out.chunk;
        header.position(Protocol.HEADER);
        body.accept(out);
        header.putInt(0, (int) out.length).put(Integer.BYTES, (byte) kind).putLong(Integer.BYTES + 1, call);
        out.seal();
        return out.parts;
    }

    void flag(boolean value) {
        room(1).put((byte) (value ? 1 : 0));
    }

    void int32(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void int64(long value) {
        room(Long.BYTES).putLong(value);
    }

    void float32(float value) {
        room(Float.BYTES).putFloat(value);
    }

    void float64(double value) {
        room(Double.BYTES).putDouble(value);
    }

    /** One of at most 256 values, by its place. */
    void one(Enum<?> value) {
        room(1).put((byte) place(value));
    }

    /** The place of a value among those of its kind. */
    @SuppressWarnings("EnumOrdinal") // both ends are the same program, and the protocol's version changes with any enum
    static int place(Enum<?> value) {
        return value.ordinal();
    }

    void duration(Duration value) {
        int64(value.getSeconds());
        int32(value.getNano());
    }

    void text(String value) {
        requireRoom(value.length());
        bytes(value.getBytes(UTF_8));
    }

    void path(Path value) {
        text(value.toString());
    }

    /** An array; a large one goes out as it is when the frame is written. */
    void bytes(byte[] value) {
        int32(value.length);
        if (value.length < BY_REFERENCE) {
            room(value.length).put(value);
            return;
        }
        requireRoom(value.length);
        length += value.length;
        seal();
        parts.add(ByteBuffer.wrap(value));
    }

    void int32s(List<Integer> values) {
        int32(values.size());
        requireRoom((long) values.size() * Integer.BYTES);
        if (values instanceof IntList plain) {
            plain(plain);
        } else {
            values.forEach(this::int32);
        }
    }

    private void plain(IntList values) {
        for (var at = 0; at < values.size(); ) {
            var end = Math.min(values.size(), at + LARGEST / Integer.BYTES);
            for (var into = room((end - at) * Integer.BYTES); at < end; at++) {
                into.putInt(values.at(at));
            }
        }
    }

    void float32s(float[] values) {
        int32(values.length);
        requireRoom((long) values.length * Float.BYTES);
        for (var at = 0; at < values.length; ) {
            var next = Math.min(values.length - at, LARGEST / Float.BYTES);
            var into = room(next * Float.BYTES);
            into.asFloatBuffer().put(values, at, next);
            into.position(into.position() + next * Float.BYTES);
            at += next;
        }
    }

    <T> void list(Collection<T> values, BiConsumer<BodyWriter, T> element) {
        int32(values.size());
        for (var value : values) {
            element.accept(this, value);
        }
    }

    <T> void optional(Optional<T> value, BiConsumer<BodyWriter, T> content) {
        flag(value.isPresent());
        value.ifPresent(present -> content.accept(this, present));
    }

    private ByteBuffer room(int bytes) {
        requireRoom(bytes);
        length += bytes;
        if (chunk.remaining() < bytes) {
            seal();
            chunk = chunk(Math.max(nextChunk, bytes));
            nextChunk = Math.min(2 * nextChunk, LARGEST);
        }
        return chunk;
    }

    private void requireRoom(long bytes) {
        if (length + bytes > longest) {
            throw new InvalidRequest(
                    "this is too much for one message to or from the process of the model, which takes %d bytes: ask for less at once"
                            .formatted(longest));
        }
    }

    /** What was written into the chunk becomes a part, the rest of it stays the chunk. */
    private void seal() {
        if (chunk.position() > 0) {
            var rest = chunk.slice().order(ByteOrder.LITTLE_ENDIAN);
            parts.add(chunk.flip());
            chunk = rest;
        }
    }

    private static ByteBuffer chunk(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
