// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** One value of a file's metadata. */
public sealed interface GgufValue {
    /** The type of the value in the file. */
    GgufValueType type();

    /**
     * A whole number.
     *
     * @param type its type in the file
     * @param bits its value; for {@link GgufValueType#UINT64} the bits of an unsigned number
     */
    record Whole(GgufValueType type, long bits) implements GgufValue {
        /** Refuses null. */
        public Whole {
            requireNonNull(type, "type is null");
        }

        /** A Long, or a BigInteger for the few numbers above 2⁶³-1. */
        public Number number() {
            return type == GgufValueType.UINT64 && bits < 0
                    ? BigInteger.valueOf(bits).add(BigInteger.ONE.shiftLeft(Long.SIZE))
                    : Long.valueOf(bits);
        }
    }

    /**
     * A number with a fraction.
     *
     * @param type FLOAT32 or FLOAT64
     * @param value its value; may be infinite or not a number
     */
    record Real(GgufValueType type, double value) implements GgufValue {
        /** Refuses null. */
        public Real {
            requireNonNull(type, "type is null");
        }
    }

    /** True or false. */
    record Bool(boolean value) implements GgufValue {
        @Override
        public GgufValueType type() {
            return GgufValueType.BOOL;
        }
    }

    /** A text; bytes that are not UTF-8 became replacement characters. */
    record Text(String value) implements GgufValue {
        /** Refuses null. */
        public Text {
            requireNonNull(value, "value is null");
        }

        @Override
        public GgufValueType type() {
            return GgufValueType.STRING;
        }
    }

    /**
     * Many values of one type.
     *
     * @param elementType their type, never ARRAY
     * @param count how many
     * @param elements the values, or nothing when they were too many to keep
     */
    record Items(GgufValueType elementType, long count, Optional<List<GgufValue>> elements) implements GgufValue {
        /** Refuses null. */
        public Items {
            requireNonNull(elementType, "elementType is null");
            elements = elements.map(List::copyOf);
        }

        @Override
        public GgufValueType type() {
            return GgufValueType.ARRAY;
        }
    }

    /**
     * Many values of one type as they lie in a file, where a record for each would be too much memory. Only written, never read.
     *
     * @param elementType their type, never ARRAY
     * @param count how many
     * @param bytes little-endian, texts with their lengths before them; borrowed, so they must not change
     */
    record Packed(GgufValueType elementType, long count, ByteBuffer bytes) implements GgufValue {
        /** Refuses null. */
        public Packed {
            requireNonNull(elementType, "elementType is null");
            bytes = bytes.asReadOnlyBuffer();
        }

        @Override
        public GgufValueType type() {
            return GgufValueType.ARRAY;
        }
    }
}
