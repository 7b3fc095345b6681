// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

import java.nio.ByteBuffer;

/** Elements as bytes and as 32 bit numbers. Stateless; any thread. */
public final class Elements {
    private static final int SIGN = 0x80;

    private Elements() {}

    /** Reads elements from a little-endian buffer, from its position on. */
    static void decode(ElementType type, ByteBuffer from, float[] into, int at, int count) {
        switch (type) {
            case F32 -> from.asFloatBuffer().get(into, at, count);
            case BF16 -> {
                var bits = shorts(from, count);
                for (var index = 0; index < count; index++) {
                    into[at + index] = Float.intBitsToFloat(bits[index] << Short.SIZE);
                }
            }
            case F16 -> {
                var bits = shorts(from, count);
                for (var index = 0; index < count; index++) {
                    into[at + index] = Float.float16ToFloat(bits[index]);
                }
            }
            case F64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL, F8_E4M3, F8_E5M2, F8_E8M0 -> {
                for (var index = 0; index < count; index++) {
                    into[at + index] = next(type, from);
                }
            }
        }
    }

    private static short[] shorts(ByteBuffer from, int count) {
        var bits = new short[count];
        from.asShortBuffer().get(bits);
        return bits;
    }

    private static float next(ElementType type, ByteBuffer from) {
        return switch (type) {
            case F64 -> (float) from.getDouble();
            case I64 -> from.getLong();
            case I32 -> from.getInt();
            case I16 -> from.getShort();
            case I8 -> from.get();
            case U64 -> unsigned(from.getLong());
            case U32 -> Integer.toUnsignedLong(from.getInt());
            case U16 -> Short.toUnsignedInt(from.getShort());
            case U8, BOOL -> Byte.toUnsignedInt(from.get());
            case F8_E4M3 -> e4m3(from.get());
            case F8_E5M2 -> Float.float16ToFloat((short) (from.get() << Byte.SIZE));
            case F8_E8M0 -> e8m0(from.get());
            case F32 -> from.getFloat();
            case F16 -> Float.float16ToFloat(from.getShort());
            case BF16 -> Float.intBitsToFloat(from.getShort() << Short.SIZE);
        };
    }

    private static float unsigned(long bits) {
        // A half keeps its lowest bit, lest what is rounded off twice goes the other way.
        return bits >= 0 ? bits : (float) ((bits >>> 1) | (bits & 1)) * 2;
    }

    /** 4 bits of exponent and 3 of fraction, without infinity. Source: OCP 8-bit floating point, 1.0. */
    public static float e4m3(byte bits) {
        var exponent = (bits >> 3) & 0xf;
        var fraction = bits & 7;
        if (exponent == 0xf && fraction == 7) {
            return Float.NaN;
        }
        var size = exponent == 0 ? Math.scalb((float) fraction, -9) : Math.scalb((float) (8 + fraction), exponent - 10);
        return (bits & SIGN) == 0 ? size : -size;
    }

    /** 8 bits of exponent: a power of two. Source: OCP microscaling formats, 1.0. */
    public static float e8m0(byte bits) {
        var exponent = Byte.toUnsignedInt(bits);
        return exponent == 0xff ? Float.NaN : Math.scalb(1f, exponent - 127);
    }

    /** The upper half of a number, rounded to the nearest, to the even one of two; what is no number stays so. */
    public static short bfloat16(float value) {
        var bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return (short) ((bits >>> Short.SIZE) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> Short.SIZE) & 1)) >>> Short.SIZE);
    }
}
