// SPDX-License-Identifier: Apache-2.0
package dev.puna.gguf;

import java.util.Optional;

/** The types of metadata values, in the order of their numbers in the file. */
public enum ValueType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(0),
    ARRAY(0),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private static final ValueType[] BY_CODE = values();

    private final int size;

    ValueType(int size) {
        this.size = size;
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

    static Optional<ValueType> ofCode(long code) {
        return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[(int) code]) : Optional.empty();
    }
}
