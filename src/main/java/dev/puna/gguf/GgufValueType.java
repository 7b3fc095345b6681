// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import java.util.Optional;

/** The types of metadata values, in the order of their numbers in the file, which begin at 0. */
public enum GgufValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 0),
    ARRAY(9, 0),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    private static final GgufValueType[] BY_CODE = values();

    private final int code;
    private final int size;

    GgufValueType(int code, int size) {
        this.code = code;
        this.size = size;
    }

    /** The number in the file. */
    public int code() {
        return code;
    }

    /** Bytes of one value, or 0 where that depends on the value. */
    public int size() {
        return size;
    }

    /** Whether values are whole numbers. */
    public boolean isWhole() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
        };
    }

    static Optional<GgufValueType> ofCode(long code) {
        return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[(int) code]) : Optional.empty();
    }
}
