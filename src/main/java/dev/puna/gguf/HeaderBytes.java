// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a header that is being written, little-endian. */
final class HeaderBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    HeaderBytes bytes(byte[] bytes) {
        out.writeBytes(bytes);
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

    byte[] padded(int alignment) {
        out.writeBytes(new byte[Math.floorMod(-out.size(), alignment)]);
        return out.toByteArray();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
