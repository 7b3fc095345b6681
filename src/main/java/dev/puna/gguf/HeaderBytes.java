// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a header that is being written, little-endian. */
final class HeaderBytes {
    private static final int PIECE = 1 << 13;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    HeaderBytes bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    private HeaderBytes bytes(ByteBuffer bytes) {
        var piece = new byte[Math.min(bytes.remaining(), PIECE)];
        while (bytes.hasRemaining()) {
            var length = Math.min(piece.length, bytes.remaining());
            bytes.get(piece, 0, length);
            out.write(piece, 0, length);
        }
        return this;
    }

    HeaderBytes int32(int value) {
        return bytes(little(Integer.BYTES).putInt(value).array());
    }

    HeaderBytes int64(long value) {
        return bytes(little(Long.BYTES).putLong(value).array());
    }

    HeaderBytes string(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return int64(bytes.length).bytes(bytes);
    }

    HeaderBytes append(HeaderBytes other) {
        return bytes(other.out.toByteArray());
    }

    /** A value without its type. */
    HeaderBytes value(GgufValue value) {
        return switch (value) {
            case GgufValue.Whole(var type, var bits) ->
                bytes(Arrays.copyOf(little(Long.BYTES).putLong(bits).array(), type.size()));
            case GgufValue.Real(var type, var number) ->
                type == GgufValueType.FLOAT32
                        ? int32(Float.floatToRawIntBits((float) number))
                        : int64(Double.doubleToRawLongBits(number));
            case GgufValue.Bool(var is) -> bytes(new byte[] {(byte) (is ? 1 : 0)});
            case GgufValue.Text(var text) -> string(text);
            case GgufValue.Items items -> items(items);
            case GgufValue.Packed(var type, var count, var elements) ->
                int32(type.code()).int64(count).bytes(elements.duplicate());
        };
    }

    private HeaderBytes items(GgufValue.Items items) {
        int32(items.elementType().code()).int64(items.count());
        items.elements()
                .orElseThrow(() -> new IllegalArgumentException("the elements of an array are not there"))
                .forEach(this::value);
        return this;
    }

    byte[] padded(int alignment) {
        out.writeBytes(new byte[Math.floorMod(-out.size(), alignment)]);
        return out.toByteArray();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
