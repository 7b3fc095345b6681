// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A source read in large pieces, from which small ones are taken; large arrays are filled past the buffer. One thread. */
final class BufferedSource {
    /** Bytes of the buffer: what {@link #with} can give at once. */
    static final int SIZE = 1 << 15;

    private final ByteSource source;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN).limit(0);

    BufferedSource(ByteSource source) {
        this.source = requireNonNull(source, "source is null");
    }

    /** Waits for a byte; whether none comes any more. */
    boolean ended() throws IOException {
        return !buffer.hasRemaining() && !fill();
    }

    /**
     * The buffer once it holds so many bytes from its position on, to be read from there.
     *
     * @param bytes at most {@link #SIZE}
     */
    ByteBuffer with(int bytes) throws IOException {
        while (buffer.remaining() < bytes) {
            if (!fill()) {
                throw cutOff();
            }
        }
        return buffer;
    }

    /**
     * UTF-8 as a text.
     *
     * @param bytes at most {@link #SIZE}
     */
    String text(int bytes) throws IOException {
        var from = with(bytes).position();
        buffer.position(from + bytes);
        return new String(buffer.array(), from, bytes, UTF_8);
    }

    /** Fills a part of an array. */
    void read(byte[] into, int from, int to) throws IOException {
        for (var at = from; at < to; ) {
            if (buffer.hasRemaining() || to - at < SIZE) {
                var next = Math.min(to - at, with(1).remaining());
                buffer.get(into, at, next);
                at += next;
            } else {
                var read = source.read(into, at, to - at);
                if (read < 0) {
                    throw cutOff();
                }
                at += read;
            }
        }
    }

    private boolean fill() throws IOException {
        buffer.compact();
        try {
            var read = source.read(buffer.array(), buffer.position(), buffer.remaining());
            buffer.position(buffer.position() + Math.max(read, 0));
            return read >= 0;
        } finally {
            buffer.flip();
        }
    }

    private static ProtocolException cutOff() {
        return new ProtocolException("the other process closed the connection in the middle of a message");
    }
}
