// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * A little-endian cursor over a file that never reads beyond its end: asking for more is an {@link InvalidRequest} before
 * anything is allocated. <b>Borrows</b> the channel. <b>Threads:</b> one.
 */
final class GgufInput {
    private static final int WINDOW = 128 * 1024;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    /** Where in the file the window begins. */
    private long windowStart;

    GgufInput(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        window.limit(0);
    }

    long size() {
        return size;
    }

    long position() {
        return windowStart + window.position();
    }

    long remaining() {
        return size - position();
    }

    byte int8() throws IOException {
        need(Byte.BYTES);
        return window.get();
    }

    short int16() throws IOException {
        need(Short.BYTES);
        return window.getShort();
    }

    int int32() throws IOException {
        need(Integer.BYTES);
        return window.getInt();
    }

    long uint32() throws IOException {
        return Integer.toUnsignedLong(int32());
    }

    long int64() throws IOException {
        need(Long.BYTES);
        return window.getLong();
    }

    /** A text of {@code length} bytes, which the caller has checked against its limits. */
    String text(int length) throws IOException {
        return text(length, StandardCharsets.UTF_8);
    }

    /** The same {@code length} bytes, one a char, whatever they are. */
    String latin1(int length) throws IOException {
        return text(length, StandardCharsets.ISO_8859_1);
    }

    private String text(int length, Charset charset) throws IOException {
        if (length <= WINDOW) {
            need(length);
            var text = new String(window.array(), window.position(), length, charset);
            window.position(window.position() + length);
            return text;
        }
        requireInFile(length);
        var bytes = new byte[length];
        for (var done = 0; done < length; ) {
            need(1);
            var part = Math.min(window.remaining(), length - done);
            window.get(bytes, done, part);
            done += part;
        }
        return new String(bytes, charset);
    }

    void skip(long length) {
        requireInFile(length);
        if (length <= window.remaining()) {
            window.position(window.position() + (int) length);
        } else {
            windowStart = position() + length;
            window.position(0).limit(0);
        }
    }

    private void need(int length) throws IOException {
        if (window.remaining() >= length) {
            return;
        }
        requireInFile(length);
        var start = position();
        window.compact();
        windowStart = start;
        while (window.position() < length) {
            if (channel.read(window, windowStart + window.position()) < 0) {
                throw cutShort(length);
            }
        }
        window.flip();
    }

    private void requireInFile(long length) {
        if (length < 0 || length > remaining()) {
            throw cutShort(length);
        }
    }

    private InvalidRequest cutShort(long length) {
        return new InvalidRequest("GGUF file is cut short: %s bytes are needed at byte %d of %d"
                .formatted(Long.toUnsignedString(length), position(), size));
    }
}
