// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Messages to bytes and back, in both directions alike. */
public final class Frames {
    private Frames() {}

    /** What is written for messages, one behind the other. */
    public static byte[] of(Object... messages) {
        var bytes = new ByteArrayOutputStream();
        var writer = new FrameWriter(into(bytes));
        try {
            for (var message : messages) {
                add(writer, message);
            }
            writer.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    /** Keeps what is written. */
    public static ByteSink into(ByteArrayOutputStream bytes) {
        return parts -> {
            for (var part : parts) {
                var copy = new byte[part.remaining()];
                part.get(copy);
                bytes.writeBytes(copy);
            }
        };
    }

    static void add(FrameWriter writer, Object message) {
        switch (message) {
            case ToRunner to -> writer.add(to);
            case FromRunner from -> writer.add(from);
            default -> throw new AssertionError(message);
        }
    }

    /** The next message of a direction. */
    static @Nullable Object next(FrameReader reader, Class<?> direction) throws IOException {
        return direction == ToRunner.class ? reader.readToRunner() : reader.readFromRunner();
    }

    static Class<?> direction(Object message) {
        return message instanceof ToRunner ? ToRunner.class : FromRunner.class;
    }

    /** All messages that bytes hold. */
    public static List<Object> read(byte[] bytes, Class<?> direction) throws IOException {
        return read(new ByteArrayInputStream(bytes)::read, direction);
    }

    static List<Object> read(ByteSource source, Class<?> direction) throws IOException {
        var reader = new FrameReader(source);
        var messages = new ArrayList<Object>();
        for (var next = next(reader, direction); next != null; next = next(reader, direction)) {
            messages.add(next);
        }
        return messages;
    }

    /** A source that gives as little as it likes. */
    static ByteSource dripping(byte[] bytes, Random random) {
        var stream = new ByteArrayInputStream(bytes);
        return (into, offset, length) -> {
            var most = random.nextInt(8) == 0 ? 1 : random.nextInt(1, 10_000);
            return stream.read(into, offset, Math.min(length, most));
        };
    }

    /** A frame with other numbers in its header. */
    static byte[] frame(int kind, long length, byte[] body) {
        return ByteBuffer.allocate(Protocol.HEADER + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) length)
                .put((byte) kind)
                .putLong(7)
                .put(body)
                .array();
    }
}
