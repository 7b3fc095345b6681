// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.gguf.GgufValueType;
import dev.puna.gguf.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * Makes GGUF files for tests: good ones of any architecture, and broken ones. Entries and tensors come in the order of the
 * calls. What the methods with "raw" or "claim" in their names say is written as it is, however wrong. <b>Threads:</b> one.
 */
public final class TestGguf {
    private static final int MAGIC = 0x46554747;
    private static final int USUAL_ALIGNMENT = 32;

    private final LittleEndianBytes entries = new LittleEndianBytes();
    private final List<Tensor> tensors = new ArrayList<>();
    private long entryCount;
    private int magic = MAGIC;
    private int version = 3;
    private int alignment = USUAL_ALIGNMENT;
    private OptionalLong claimedEntries = OptionalLong.empty();
    private OptionalLong claimedTensors = OptionalLong.empty();

    private record Tensor(String name, int type, long[] shape, OptionalLong offset, byte[] data) {}

    public TestGguf text(String key, String value) {
        return entry(key, GgufValueType.STRING, new LittleEndianBytes().text(value));
    }

    public TestGguf uint8(String key, int value) {
        return entry(key, GgufValueType.UINT8, new LittleEndianBytes().int8(value));
    }

    public TestGguf uint16(String key, int value) {
        return entry(key, GgufValueType.UINT16, new LittleEndianBytes().int16(value));
    }

    public TestGguf uint32(String key, long value) {
        return entry(key, GgufValueType.UINT32, new LittleEndianBytes().int32((int) value));
    }

    public TestGguf int32(String key, int value) {
        return entry(key, GgufValueType.INT32, new LittleEndianBytes().int32(value));
    }

    public TestGguf uint64(String key, long bits) {
        return entry(key, GgufValueType.UINT64, new LittleEndianBytes().int64(bits));
    }

    public TestGguf int64(String key, long value) {
        return entry(key, GgufValueType.INT64, new LittleEndianBytes().int64(value));
    }

    public TestGguf float32(String key, float value) {
        return entry(key, GgufValueType.FLOAT32, new LittleEndianBytes().int32(Float.floatToRawIntBits(value)));
    }

    public TestGguf float64(String key, double value) {
        return entry(key, GgufValueType.FLOAT64, new LittleEndianBytes().int64(Double.doubleToRawLongBits(value)));
    }

    public TestGguf bool(String key, boolean value) {
        return entry(key, GgufValueType.BOOL, new LittleEndianBytes().int8(value ? 1 : 0));
    }

    public TestGguf texts(String key, List<String> values) {
        var items = new LittleEndianBytes();
        values.forEach(items::text);
        return rawItems(key, GgufValueType.STRING.code(), values.size(), items.toArray());
    }

    public TestGguf int32s(String key, int... values) {
        var items = new LittleEndianBytes();
        for (var value : values) {
            items.int32(value);
        }
        return rawItems(key, GgufValueType.INT32.code(), values.length, items.toArray());
    }

    public TestGguf float32s(String key, float... values) {
        var items = new LittleEndianBytes();
        for (var value : values) {
            items.int32(Float.floatToRawIntBits(value));
        }
        return rawItems(key, GgufValueType.FLOAT32.code(), values.length, items.toArray());
    }

    /** An array that says it has {@code count} elements of a type. */
    public TestGguf rawItems(String key, int elementType, long count, byte[] elements) {
        var value = new LittleEndianBytes().int32(elementType).int64(count).bytes(elements);
        return entry(key, GgufValueType.ARRAY, value);
    }

    /** A value of any type, known or not. */
    public TestGguf rawEntry(String key, int type, byte[] value) {
        entries.text(key).int32(type).bytes(value);
        entryCount++;
        return this;
    }

    /** What stands where the next entry would, without being counted as one. */
    public TestGguf rawBytes(byte[] bytes) {
        entries.bytes(bytes);
        return this;
    }

    /** A tensor of zeros. */
    public TestGguf tensor(String name, TensorType type, long... shape) {
        var elements = LongStream.of(shape).reduce(1, (a, b) -> a * b);
        var bytes = elements / type.blockElements() * type.blockBytes();
        return tensor(name, type, shape, new byte[Math.toIntExact(bytes)]);
    }

    public TestGguf tensor(String name, TensorType type, long[] shape, byte[] data) {
        tensors.add(new Tensor(name, type.code(), shape.clone(), OptionalLong.empty(), data.clone()));
        return this;
    }

    /** A tensor of FLOAT32. */
    public TestGguf tensor(String name, long[] shape, float... values) {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, TensorType.F32, shape, bytes.array());
    }

    /** A tensor that says it has a type, a shape and an offset; it brings no data. */
    public TestGguf rawTensor(String name, int type, long offset, long... shape) {
        tensors.add(new Tensor(name, type, shape.clone(), OptionalLong.of(offset), new byte[0]));
        return this;
    }

    /** Aligns the tensors, and says so. */
    public TestGguf alignment(int bytes) {
        alignment = bytes;
        return uint32("general.alignment", bytes);
    }

    public TestGguf magic(int other) {
        magic = other;
        return this;
    }

    public TestGguf version(int other) {
        version = other;
        return this;
    }

    public TestGguf claimEntries(long count) {
        claimedEntries = OptionalLong.of(count);
        return this;
    }

    public TestGguf claimTensors(long count) {
        claimedTensors = OptionalLong.of(count);
        return this;
    }

    public byte[] toArray() {
        var file = new LittleEndianBytes()
                .int32(magic)
                .int32(version)
                .int64(claimedTensors.orElse(tensors.size()))
                .int64(claimedEntries.orElse(entryCount))
                .bytes(entries.toArray());
        var offset = 0L;
        for (var tensor : tensors) {
            file.text(tensor.name()).int32(tensor.shape().length);
            for (var length : tensor.shape()) {
                file.int64(length);
            }
            file.int32(tensor.type()).int64(tensor.offset().orElse(offset));
            offset += padded(tensor.data().length);
        }
        for (var tensor : tensors) {
            file.padTo(alignment).bytes(tensor.data());
        }
        return file.padTo(alignment).toArray();
    }

    public Path writeTo(Path file) {
        try {
            return Files.write(file, toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestGguf entry(String key, GgufValueType type, LittleEndianBytes value) {
        return rawEntry(key, type.code(), value.toArray());
    }

    private long padded(long length) {
        return (length + alignment - 1) / alignment * alignment;
    }
}
