// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.tensor.ElementType;
import dev.puna.conversion.tensor.Elements;
import dev.puna.conversion.tensor.Tensor;
import dev.puna.gguf.TensorType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * A tensor of the file that is written.
 *
 * @param data its elements, or the bytes of its blocks where it is packed
 * @param shape of its elements, slowest first
 * @param packed whether the blocks are made already
 */
record OutputTensor(String name, Tensor data, TensorType type, List<Long> shape, boolean packed) {
    /** Bytes in a piece. */
    static final int PIECE = 1 << 20;

    OutputTensor {
        shape = List.copyOf(shape);
    }

    /** Bytes of its data. */
    long size() {
        var elements = 1L;
        for (long dimension : shape) {
            elements *= dimension;
        }
        return elements / type.blockElements() * type.blockBytes();
    }

    /**
     * Hands out its data in pieces.
     *
     * @param buffer little-endian, of a piece
     * @param floats as many as fit a piece with 32 bits
     * @return how many elements are infinite or no numbers
     */
    long write(ByteBuffer buffer, float[] floats, Consumer<ByteBuffer> sink) {
        var strange = 0L;
        var total = data.elements();
        var same = packed || (data.stored() && data.type().name().equals(type.name()));
        var unit = packed ? type.blockBytes() : data.type().bytes();
        var step = packed ? PIECE / unit * unit : same ? PIECE / unit : floats.length;
        for (var first = 0L; first < total; first += step) {
            var count = (int) Math.min(step, total - first);
            buffer.clear();
            if (same) {
                data.copy(first, count, buffer);
                if (!packed) {
                    strange += checked(buffer, count);
                }
            } else {
                data.read(first, floats, 0, count);
                strange += encode(floats, count, buffer);
            }
            sink.accept(buffer.flip());
        }
        return strange;
    }

    /**
     * Counts what is no finite number among copied elements, and makes such NaNs quiet that rounding would. Looks at eight bytes at
     * once: an exponent of ones, and only that, carries into the sign's bit if a one is added to it.
     */
    private long checked(ByteBuffer buffer, int count) {
        var wide = data.type() == ElementType.F32;
        var width = wide ? Float.BYTES : Short.BYTES;
        var ones = wide
                ? 0x7f8000007f800000L
                : data.type() == ElementType.BF16 ? 0x7f807f807f807f80L : 0x7c007c007c007c00L;
        var signs = wide ? 0x8000000080000000L : 0x8000800080008000L;
        var lowest = ones & ~(ones << 1);
        var end = count * width;
        var words = end / Long.BYTES * Long.BYTES;
        var strange = 0L;
        for (var at = 0; at < words; at += Long.BYTES) {
            if ((((buffer.getLong(at) & ones) + lowest) & signs) != 0) {
                strange += strange(buffer, at, at + Long.BYTES, width, ones);
            }
        }
        return strange + strange(buffer, words, end, width, ones);
    }

    private static long strange(ByteBuffer buffer, int from, int to, int width, long ones) {
        var strange = 0L;
        for (var at = from; at < to; at += width) {
            var bits = width == Float.BYTES ? buffer.getInt(at) : buffer.getShort(at);
            var exponent = width == Float.BYTES ? (int) ones : (int) ones & 0x7fff;
            if ((bits & exponent) == exponent) {
                strange++;
                if (exponent == 0x7f80 && (bits & 0x7f) != 0) {
                    buffer.putShort(at, (short) (bits | 0x40));
                }
            }
        }
        return strange;
    }

    private long encode(float[] floats, int count, ByteBuffer buffer) {
        var strange = 0L;
        for (var index = 0; index < count; index++) {
            strange += (Float.floatToRawIntBits(floats[index]) & 0x7f800000) == 0x7f800000 ? 1 : 0;
        }
        switch (type) {
            case F32 -> {
                buffer.asFloatBuffer().put(floats, 0, count);
                buffer.position(count * Float.BYTES);
            }
            case F16 -> {
                var halves = buffer.asShortBuffer();
                for (var index = 0; index < count; index++) {
                    halves.put(index, Float.floatToFloat16(floats[index]));
                }
                buffer.position(count * Short.BYTES);
            }
            case BF16 -> {
                var halves = buffer.asShortBuffer();
                for (var index = 0; index < count; index++) {
                    halves.put(index, Elements.bfloat16(floats[index]));
                }
                buffer.position(count * Short.BYTES);
            }
            default -> throw new IllegalStateException("cannot write " + type);
        }
        return strange;
    }
}
