// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parses and checks the structure of one header. Every limit is checked before anything is allocated by it. Source:
 * contract 9.1. <b>Threads:</b> one; for one use.
 */
final class HeaderParser {
    static final long LONGEST_STRING = 16L << 20;
    static final long LONGEST_ARRAY = 64L << 20;
    static final long LONGEST_KEY = 65_535;
    static final int LONGEST_TENSOR_NAME = 63;
    static final int MOST_DIMENSIONS = 4;
    static final int MOST_KEYS = 65_536;
    static final int MOST_TENSORS = 262_144;

    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long LARGEST_ALIGNMENT = 1 << 20;
    private static final long SHORT_ARRAY = 1024;
    /** Key length, one byte of key, type, one byte of value. */
    private static final long SMALLEST_ENTRY = 8 + 1 + 4 + 1;
    /** Name length, one byte of name, count of dimensions, type, offset. */
    private static final long SMALLEST_TENSOR = 8 + 1 + 4 + 4 + 8;

    private static final long KEPT_BYTES = 64L << 20;
    private static final long KEPT_BYTES_WITH_ARRAYS = 256L << 20;
    /** What an element of an array costs in objects, roughly. */
    private static final long BYTES_PER_ELEMENT = 64;

    private final GgufInput input;
    private final boolean allArrays;
    private long keepable;

    HeaderParser(GgufInput input, boolean allArrays) {
        this.input = input;
        this.allArrays = allArrays;
        this.keepable = allArrays ? KEPT_BYTES_WITH_ARRAYS : KEPT_BYTES;
    }

    GgufFile parse() throws IOException {
        if (input.size() < Integer.BYTES || input.int32() != Gguf.MAGIC) {
            throw new InvalidRequest("invalid file magic");
        }
        var version = version();
        var tensorCount = count("tensors", SMALLEST_TENSOR, MOST_TENSORS);
        var keyCount = count("metadata entries", SMALLEST_ENTRY, MOST_KEYS);
        var metadata = metadata(keyCount);
        var alignment = alignment(metadata);
        var tensors = tensors(tensorCount, alignment);
        // Without tensors the file may end before the padding does.
        var dataOffset = tensors.isEmpty()
                ? Math.min(input.size(), padded(input.position(), alignment))
                : padded(input.position(), alignment);
        requireInFile(tensors, dataOffset, alignment);
        return new GgufFile(version, metadata, tensors, alignment, dataOffset, input.size());
    }

    private int version() throws IOException {
        var version = input.uint32();
        if (version != 0 && (version & 0xffff) == 0) {
            throw new InvalidRequest("big-endian GGUF files are not supported");
        }
        if (version < 2 || version > 3) {
            throw new InvalidRequest("unsupported GGUF version: " + version);
        }
        return (int) version;
    }

    /** A count of things of which each takes at least {@code smallest} bytes of what is left of the file. */
    private int count(String what, long smallest, int most) throws IOException {
        var count = input.int64();
        if (count < 0 || count > most || count > input.remaining() / smallest) {
            throw new InvalidRequest("GGUF file of %d bytes cannot hold %s %s"
                    .formatted(input.size(), Long.toUnsignedString(count), what));
        }
        return (int) count;
    }

    private Map<String, GgufValue> metadata(int count) throws IOException {
        var metadata = LinkedHashMap.<String, GgufValue>newLinkedHashMap(count);
        for (var i = 0; i < count; i++) {
            var key = string("key", LONGEST_KEY);
            if (key.isEmpty()) {
                throw new InvalidRequest("GGUF metadata key is empty");
            }
            if (metadata.put(key, value(key, type(key))) != null) {
                throw new InvalidRequest("duplicate GGUF metadata key: " + key);
            }
        }
        return metadata;
    }

    private GgufValueType type(String key) throws IOException {
        var code = input.uint32();
        return GgufValueType.ofCode(code)
                .orElseThrow(() -> new InvalidRequest("unknown GGUF value type %d of key %s".formatted(code, key)));
    }

    private GgufValue value(String key, GgufValueType type) throws IOException {
        return switch (type) {
            case UINT8 -> new GgufValue.Whole(type, Byte.toUnsignedLong(input.int8()));
            case INT8 -> new GgufValue.Whole(type, input.int8());
            case UINT16 -> new GgufValue.Whole(type, Short.toUnsignedLong(input.int16()));
            case INT16 -> new GgufValue.Whole(type, input.int16());
            case UINT32 -> new GgufValue.Whole(type, input.uint32());
            case INT32 -> new GgufValue.Whole(type, input.int32());
            case UINT64, INT64 -> new GgufValue.Whole(type, input.int64());
            case FLOAT32 -> new GgufValue.Real(type, Float.intBitsToFloat(input.int32()));
            case FLOAT64 -> new GgufValue.Real(type, Double.longBitsToDouble(input.int64()));
            case BOOL -> new GgufValue.Bool(input.int8() != 0);
            case STRING -> new GgufValue.Text(string("string", LONGEST_STRING));
            case ARRAY -> items(key);
        };
    }

    private GgufValue items(String key) throws IOException {
        var type = type(key);
        if (type == GgufValueType.ARRAY) {
            throw new InvalidRequest("GGUF array of arrays is not supported: " + key);
        }
        var count = input.int64();
        if (count < 0 || count > LONGEST_ARRAY) {
            throw new InvalidRequest("GGUF array size %s of key %s exceeds the limit of %d"
                    .formatted(Long.toUnsignedString(count), key, LONGEST_ARRAY));
        }
        var least = count * (type == GgufValueType.STRING ? Long.BYTES : type.size());
        if (least > input.remaining()) {
            throw new InvalidRequest("GGUF array size %d of key %s exceeds the file: %d bytes are left"
                    .formatted(count, key, input.remaining()));
        }
        if (allArrays || count <= SHORT_ARRAY) {
            return new GgufValue.Items(type, count, Optional.of(elements(key, type, (int) count)));
        }
        skip(type, count);
        return new GgufValue.Items(type, count, Optional.empty());
    }

    private List<GgufValue> elements(String key, GgufValueType type, int count) throws IOException {
        keep(BYTES_PER_ELEMENT * count);
        var elements = new ArrayList<GgufValue>(count);
        for (var i = 0; i < count; i++) {
            elements.add(value(key, type));
        }
        return elements;
    }

    private void skip(GgufValueType type, long count) throws IOException {
        if (type != GgufValueType.STRING) {
            input.skip(count * type.size());
            return;
        }
        for (long i = 0; i < count; i++) {
            input.skip(length("string", LONGEST_STRING));
        }
    }

    private String string(String what, long longest) throws IOException {
        var length = length(what, longest);
        keep(length);
        return input.text((int) length);
    }

    private long length(String what, long longest) throws IOException {
        var length = input.int64();
        if (length < 0 || length > longest) {
            throw new InvalidRequest("GGUF %s length %s exceeds the limit of %d"
                    .formatted(what, Long.toUnsignedString(length), longest));
        }
        return length;
    }

    private void keep(long bytes) {
        keepable -= bytes;
        if (keepable < 0) {
            throw new InvalidRequest("GGUF metadata is too large to be read");
        }
    }

    private static long alignment(Map<String, GgufValue> metadata) {
        var value = metadata.get("general.alignment");
        if (value == null) {
            return DEFAULT_ALIGNMENT;
        }
        if (!(value instanceof GgufValue.Whole(var type, var alignment)) || type != GgufValueType.UINT32) {
            throw new InvalidRequest("invalid GGUF alignment: not of type UINT32");
        }
        if (alignment < Long.BYTES || alignment > LARGEST_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw new InvalidRequest("invalid GGUF alignment: " + alignment);
        }
        return alignment;
    }

    private List<TensorInfo> tensors(int count, long alignment) throws IOException {
        var tensors = new ArrayList<TensorInfo>(count);
        var names = HashSet.<String>newHashSet(count);
        for (var i = 0; i < count; i++) {
            var tensor = tensor(alignment);
            if (!names.add(tensor.name())) {
                throw new InvalidRequest("duplicate tensor \"%s\"".formatted(tensor.name()));
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private TensorInfo tensor(long alignment) throws IOException {
        var name = string("tensor name", LONGEST_TENSOR_NAME);
        var dimensions = input.uint32();
        if (dimensions > MOST_DIMENSIONS) {
            throw new InvalidRequest(
                    "tensor \"%s\" has %d dimensions (at most %d)".formatted(name, dimensions, MOST_DIMENSIONS));
        }
        var shape = new ArrayList<Long>(MOST_DIMENSIONS);
        for (var i = 0; i < dimensions; i++) {
            shape.add(input.int64());
        }
        var code = input.uint32();
        var type = TensorType.ofCode(code)
                .orElseThrow(() -> new InvalidRequest("tensor \"%s\" has unknown type %d".formatted(name, code)));
        var offset = input.int64();
        if (offset < 0 || offset % alignment != 0) {
            throw new InvalidRequest("tensor \"%s\" offset (%s) is not a multiple of the alignment (%d)"
                    .formatted(name, Long.toUnsignedString(offset), alignment));
        }
        var elements = product(name, shape);
        var row = shape.isEmpty() ? 1 : shape.getFirst();
        if (row % type.blockElements() != 0) {
            throw new InvalidRequest("tensor \"%s\" of type %s has rows of %d elements, which is not a multiple of %d"
                    .formatted(name, type, row, type.blockElements()));
        }
        try {
            var size = Math.multiplyExact(elements / type.blockElements(), (long) type.blockBytes());
            return new TensorInfo(name, type, shape, elements, offset, size);
        } catch (ArithmeticException _) {
            throw new InvalidRequest("tensor \"%s\" shape %s is too large".formatted(name, shape));
        }
    }

    private static long product(String name, List<Long> shape) {
        var product = 1L;
        for (var length : shape) {
            if (length <= 0) {
                throw new InvalidRequest("tensor \"%s\" shape %s is not positive".formatted(name, shape));
            }
            try {
                product = Math.multiplyExact(product, length);
            } catch (ArithmeticException _) {
                throw new InvalidRequest("tensor \"%s\" shape %s is too large".formatted(name, shape));
            }
        }
        return product;
    }

    /** Each begins where the one before it ends, as llama.cpp asks too: so none is counted twice. */
    private void requireInFile(List<TensorInfo> tensors, long dataOffset, long alignment) {
        var next = 0L;
        for (var tensor : tensors) {
            try {
                var end = Math.addExact(Math.addExact(dataOffset, tensor.offset()), tensor.size());
                if (end > input.size()) {
                    throw outside(tensor, Long.toString(end));
                }
            } catch (ArithmeticException _) {
                throw outside(tensor, "more than " + Long.MAX_VALUE);
            }
            if (tensor.offset() != next) {
                throw new InvalidRequest("tensor \"%s\" offset (%d) is not where the tensor before it ends (%d)"
                        .formatted(tensor.name(), tensor.offset(), next));
            }
            next = padded(tensor.offset() + tensor.size(), alignment);
        }
    }

    private InvalidRequest outside(TensorInfo tensor, String end) {
        return new InvalidRequest(
                "tensor \"%s\" offset+size (%s) exceeds file size (%d)".formatted(tensor.name(), end, input.size()));
    }

    private static long padded(long position, long alignment) {
        return (position + alignment - 1) / alignment * alignment;
    }
}
