// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.model.IntList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Values of a body, in the form that {@link BodyWriter} gives them. Counts are believed only as far as the body has bytes for them, and
 * arrays grow with what arrives. Whatever is not as it should be is a {@link ProtocolException}. One thread.
 */
final class BodyReader {
    /** Bytes that any element of a list has: it begins with a number or a count. */
    private static final int ELEMENT = 4;

    /** Bytes of an array before as many have arrived; it then grows by four, so a third of them is copied. */
    private static final int UNSEEN = 1 << 20;

    private static final int UNSEEN_ELEMENTS = 1 << 10;
    private static final int GROWTH = 4;
    private static final int NANOS = 1_000_000_000;
    private static final byte[] NO_BYTES = {};
    private static final float[] NO_FLOATS = {};

    private final BufferedSource source;
    private int left;

    BodyReader(BufferedSource source) {
        this.source = source;
    }

    /** Reads something, when it is its turn. */
    @FunctionalInterface
    interface Reading<T> {
        T read(BodyReader in) throws IOException;
    }

    /** A whole body of so many bytes. */
    <T> T body(int length, Reading<T> content) throws IOException {
        left = length;
        T read;
        try {
            read = content.read(this);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("a message makes no sense: " + e.getMessage(), e);
        }
        if (left != 0) {
            throw new ProtocolException("a message has " + left + " bytes too many");
        }
        return read;
    }

    boolean flag() throws IOException {
        return switch (take(1).get()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new ProtocolException("a message says neither yes nor no");
        };
    }

    int int32() throws IOException {
        return take(Integer.BYTES).getInt();
    }

    long int64() throws IOException {
        return take(Long.BYTES).getLong();
    }

    float float32() throws IOException {
        return take(Float.BYTES).getFloat();
    }

    double float64() throws IOException {
        return take(Double.BYTES).getDouble();
    }

    /** One of a few values, by its place. */
    <T> T oneOf(List<T> values) throws IOException {
        var place = Byte.toUnsignedInt(take(1).get());
        if (place >= values.size()) {
            throw new ProtocolException(
                    "a message says %d where there are %d possibilities".formatted(place, values.size()));
        }
        return values.get(place);
    }

    Duration duration() throws IOException {
        var seconds = int64();
        var nanos = int32();
        if (nanos < 0 || nanos >= NANOS) {
            throw new ProtocolException("a message says a second of " + nanos + " nanoseconds");
        }
        return Duration.ofSeconds(seconds, nanos);
    }

    String text() throws IOException {
        var length = count(1);
        if (length == 0) {
            return "";
        }
        if (length > BufferedSource.SIZE) {
            return new String(array(length), UTF_8);
        }
        left -= length;
        return source.text(length);
    }

    Path path() throws IOException {
        return Path.of(text());
    }

    byte[] bytes() throws IOException {
        var length = count(1);
        return length == 0 ? NO_BYTES : array(length);
    }

    private byte[] array(int length) throws IOException {
        left -= length;
        var bytes = new byte[Math.min(length, UNSEEN)];
        source.read(bytes, 0, bytes.length);
        while (bytes.length < length) {
            var arrived = bytes.length;
            bytes = Arrays.copyOf(bytes, grown(arrived, length));
            source.read(bytes, arrived, bytes.length);
        }
        return bytes;
    }

    List<Integer> int32s() throws IOException {
        var count = count(Integer.BYTES);
        if (count == 0) {
            return List.of();
        }
        var numbers = new int[Math.min(count, UNSEEN / Integer.BYTES)];
        for (var arrived = 0; arrived < count; ) {
            if (arrived == numbers.length) {
                numbers = Arrays.copyOf(numbers, grown(arrived, count));
            }
            var buffer = source.with(Integer.BYTES);
            var next = Math.min(buffer.remaining() / Integer.BYTES, numbers.length - arrived);
            take(next * Integer.BYTES).asIntBuffer().get(numbers, arrived, next);
            buffer.position(buffer.position() + next * Integer.BYTES);
            arrived += next;
        }
        return new IntList(numbers);
    }

    float[] float32s() throws IOException {
        var count = count(Float.BYTES);
        if (count == 0) {
            return NO_FLOATS;
        }
        var numbers = new float[Math.min(count, UNSEEN / Float.BYTES)];
        for (var arrived = 0; arrived < count; ) {
            if (arrived == numbers.length) {
                numbers = Arrays.copyOf(numbers, grown(arrived, count));
            }
            var buffer = source.with(Float.BYTES);
            var next = Math.min(buffer.remaining() / Float.BYTES, numbers.length - arrived);
            take(next * Float.BYTES).asFloatBuffer().get(numbers, arrived, next);
            buffer.position(buffer.position() + next * Float.BYTES);
            arrived += next;
        }
        return numbers;
    }

    <T> List<T> list(Reading<T> element) throws IOException {
        var count = count(ELEMENT);
        var list = new ArrayList<T>(Math.min(count, UNSEEN_ELEMENTS));
        for (var i = 0; i < count; i++) {
            list.add(element.read(this));
        }
        return list;
    }

    <T> Optional<T> optional(Reading<T> value) throws IOException {
        return flag() ? Optional.of(value.read(this)) : Optional.empty();
    }

    /** How many follow of what has at least so many bytes each. */
    private int count(int bytesEach) throws IOException {
        var count = int32();
        if (count < 0 || (long) count * bytesEach > left) {
            throw new ProtocolException(
                    "a message says that %d of something follow in %d bytes".formatted(count, left));
        }
        return count;
    }

    private static int grown(int length, int whole) {
        return (int) Math.min((long) length * GROWTH, whole);
    }

    private ByteBuffer take(int bytes) throws IOException {
        if (bytes > left) {
            throw new ProtocolException("a message is shorter than what it says");
        }
        left -= bytes;
        return source.with(bytes);
    }
}
