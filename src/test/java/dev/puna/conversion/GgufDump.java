// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.hashing.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A GGUF file as lines, in the order of the file: keys, tensors, the whole. As {@code src/test/conversion/record.py} writes them, so
 * that the two can be compared; reads no more than tests need, and nothing of the program's own reader.
 */
public final class GgufDump {
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int SHOWN = 16;

    private final ByteBuffer data;
    private final List<String> lines = new ArrayList<>();

    private GgufDump(byte[] data) {
        this.data = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The lines of a file. */
    public static List<String> of(Path file) throws IOException {
        return of(Files.readAllBytes(file));
    }

    static List<String> of(byte[] file) {
        var dump = new GgufDump(file);
        dump.read();
        return dump.lines;
    }

    private record Tensor(String name, List<Long> shape, int type, long offset) {}

    private void read() {
        data.position(8);
        var tensorCount = data.getLong();
        var keyCount = data.getLong();
        for (var key = 0L; key < keyCount; key++) {
            lines.add("key " + utf8() + " " + value(data.getInt()));
        }
        var tensors = new ArrayList<Tensor>();
        for (var tensor = 0L; tensor < tensorCount; tensor++) {
            var name = utf8();
            var shape = new ArrayList<Long>();
            for (var dimensions = data.getInt(); dimensions > 0; dimensions--) {
                shape.add(data.getLong());
            }
            tensors.add(new Tensor(name, shape, data.getInt(), data.getLong()));
        }
        var start = (data.position() + 31) / 32 * 32;
        tensors.forEach(tensor -> add(tensor, start));
        lines.add("file " + data.capacity() + " sha256:" + hash(0, data.capacity()));
    }

    private void add(Tensor tensor, int start) {
        var elements = tensor.shape().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        var kind = Kind.of(tensor.type());
        var size = elements / kind.block() * kind.bytes();
        var shape =
                String.join("x", tensor.shape().stream().map(String::valueOf).toList());
        lines.add("tensor %s %s %s sha256:%s"
                .formatted(
                        tensor.name(), kind.name(), shape, hash(Math.toIntExact(start + tensor.offset()), (int) size)));
    }

    private record Kind(String name, int block, int bytes) {
        private static Kind of(int type) {
            return switch (type) {
                case 0 -> new Kind("F32", 1, 4);
                case 1 -> new Kind("F16", 1, 2);
                case 8 -> new Kind("Q8_0", 32, 34);
                case 24 -> new Kind("I8", 1, 1);
                case 26 -> new Kind("I32", 1, 4);
                case 27 -> new Kind("I64", 1, 8);
                case 30 -> new Kind("BF16", 1, 2);
                case 39 -> new Kind("MXFP4", 32, 17);
                default -> throw new IllegalArgumentException("no tensor type " + type);
            };
        }
    }

    private String value(int type) {
        if (type == STRING) {
            return "string " + shown(text());
        }
        if (type != ARRAY) {
            return name(type) + " " + scalar(type);
        }
        var element = data.getInt();
        var count = data.getLong();
        var start = data.position();
        var words = new ArrayList<String>();
        for (var at = 0L; at < count; at++) {
            words.add(element == STRING ? shown(text()) : scalar(element));
        }
        var known = element != STRING && count <= SHOWN
                ? String.join(" ", words)
                : "sha256:" + hash(start, data.position() - start);
        return "%s[%d] %s".formatted(element == STRING ? "string" : name(element), count, known);
    }

    private static String name(int type) {
        return switch (type) {
            case 0 -> "uint8";
            case 1 -> "int8";
            case 2 -> "uint16";
            case 3 -> "int16";
            case 4 -> "uint32";
            case 5 -> "int32";
            case 6 -> "float32";
            case 7 -> "bool";
            case 10 -> "uint64";
            case 11 -> "int64";
            case 12 -> "float64";
            default -> throw new IllegalArgumentException("no value type " + type);
        };
    }

    private String scalar(int type) {
        return switch (type) {
            case 0 -> Integer.toString(data.get() & 0xFF);
            case 1 -> Byte.toString(data.get());
            case 2 -> Integer.toString(data.getShort() & 0xFFFF);
            case 3 -> Short.toString(data.getShort());
            case 4 -> Integer.toUnsignedString(data.getInt());
            case 5 -> Integer.toString(data.getInt());
            case 6 -> "0x%08x".formatted(data.getInt());
            case 7 -> Boolean.toString(data.get() != 0);
            case 10 -> Long.toUnsignedString(data.getLong());
            case 11 -> Long.toString(data.getLong());
            case 12 -> "0x%016x".formatted(data.getLong());
            default -> throw new IllegalArgumentException("no value type " + type);
        };
    }

    private byte[] text() {
        var text = new byte[Math.toIntExact(data.getLong())];
        data.get(text);
        return text;
    }

    private String utf8() {
        return new String(text(), StandardCharsets.UTF_8);
    }

    private static String shown(byte[] text) {
        for (var letter : text) {
            if (letter < 0x20 || letter == 0x7F) {
                return hidden(text);
            }
        }
        return text.length <= 100 ? new String(text, StandardCharsets.US_ASCII) : hidden(text);
    }

    private static String hidden(byte[] text) {
        return "sha256:" + hex(text);
    }

    private String hash(int at, int size) {
        var part = new byte[size];
        data.get(at, part);
        return hex(part);
    }

    private static String hex(byte[] content) {
        var hash = Sha256.startInJava();
        hash.update(ByteBuffer.wrap(content));
        return HexFormat.of().formatHex(hash.digest());
    }
}
