// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes that grow at their end, numbers with the lowest byte first. */
public final class LittleEndianBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public LittleEndianBytes int8(int value) {
        return number(value, Byte.BYTES);
    }

    public LittleEndianBytes int16(int value) {
        return number(value, Short.BYTES);
    }

    public LittleEndianBytes int32(int value) {
        return number(value, Integer.BYTES);
    }

    public LittleEndianBytes int64(long value) {
        return number(value, Long.BYTES);
    }

    /** Its length in bytes, then the bytes. */
    public LittleEndianBytes text(String value) {
        var encoded = value.getBytes(StandardCharsets.UTF_8);
        return int64(encoded.length).bytes(encoded);
    }

    public LittleEndianBytes bytes(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    public LittleEndianBytes padTo(int multiple) {
        while (bytes.size() % multiple != 0) {
            bytes.write(0);
        }
        return this;
    }

    public byte[] toArray() {
        return bytes.toByteArray();
    }

    private LittleEndianBytes number(long value, int size) {
        for (var i = 0; i < size; i++) {
            bytes.write((int) (value >>> (Byte.SIZE * i)));
        }
        return this;
    }
}
