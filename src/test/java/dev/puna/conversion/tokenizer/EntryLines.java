// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Entries;
import dev.puna.gguf.GgufValue;
import dev.puna.gguf.GgufValueType;
import dev.puna.hashing.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Entries as lines, each a key, the bytes of its value with type, and 16 digits of their SHA-256; made apart from the program's writer. */
final class EntryLines {
    private EntryLines() {}

    static List<String> of(Entries entries) {
        return entries.asMap().entrySet().stream()
                .map(entry -> {
                    var out = new ByteArrayOutputStream();
                    out.writeBytes(int32(entry.getValue().type().code()));
                    write(out, entry.getValue());
                    return entry.getKey() + " " + out.size() + " " + digest(out.toByteArray());
                })
                .toList();
    }

    static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.start().digest(bytes)).substring(0, 16);
    }

    private static void write(ByteArrayOutputStream out, GgufValue value) {
        switch (value) {
            case GgufValue.Whole(var type, var bits) -> out.writeBytes(Arrays.copyOf(int64(bits), type.size()));
            case GgufValue.Real(var type, var real) ->
                out.writeBytes(
                        type == GgufValueType.FLOAT32
                                ? int32(Float.floatToRawIntBits((float) real))
                                : int64(Double.doubleToRawLongBits(real)));
            case GgufValue.Bool(var is) -> out.write(is ? 1 : 0);
            case GgufValue.Text(var text) -> {
                var bytes = text.getBytes(StandardCharsets.UTF_8);
                out.writeBytes(int64(bytes.length));
                out.writeBytes(bytes);
            }
            case GgufValue.Items(var type, var count, var elements) -> {
                out.writeBytes(int32(type.code()));
                out.writeBytes(int64(count));
                elements.orElseThrow().forEach(element -> write(out, element));
            }
            case GgufValue.Packed(var type, var count, var bytes) -> {
                out.writeBytes(int32(type.code()));
                out.writeBytes(int64(count));
                var copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                out.writeBytes(copy);
            }
        }
    }

    private static byte[] int32(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static byte[] int64(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
