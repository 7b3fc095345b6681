// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.source;

import dev.puna.failure.InvalidRequest;
import dev.puna.gguf.GgufValue;
import dev.puna.gguf.GgufValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Metadata of a GGUF in the order that it has in the file. A key that is set twice has the last value at its first place.
 * <b>Threads:</b> one.
 */
public final class Entries {
    private final Map<String, GgufValue> values = new LinkedHashMap<>();

    /** Sets any value. */
    public Entries put(String key, GgufValue value) {
        values.put(key, value);
        return this;
    }

    /** Sets a text. */
    public Entries text(String key, String value) {
        return put(key, new GgufValue.Text(value));
    }

    /** Sets an unsigned number of 32 bits. */
    public Entries uint32(String key, long value) {
        return put(key, whole(GgufValueType.UINT32, key, value, 0, (1L << 32) - 1));
    }

    /** Sets an unsigned number of 64 bits. */
    public Entries uint64(String key, long value) {
        return put(key, new GgufValue.Whole(GgufValueType.UINT64, value));
    }

    /** Sets a number of 32 bits. */
    public Entries int32(String key, long value) {
        return put(key, whole(GgufValueType.INT32, key, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    /** Sets a number with a fraction, of 32 bits in the file. */
    public Entries float32(String key, double value) {
        return put(key, new GgufValue.Real(GgufValueType.FLOAT32, value));
    }

    /** Sets true or false. */
    public Entries bool(String key, boolean value) {
        return put(key, new GgufValue.Bool(value));
    }

    /** Sets a list of texts. */
    public Entries texts(String key, List<String> value) {
        return items(key, GgufValueType.STRING, value.size(), index -> new GgufValue.Text(value.get(index)));
    }

    /** Sets a list of numbers of 32 bits. */
    public Entries int32s(String key, int... value) {
        return items(
                key,
                GgufValueType.INT32,
                value.length,
                index -> new GgufValue.Whole(GgufValueType.INT32, value[index]));
    }

    /** Sets a list of unsigned numbers of 32 bits. */
    public Entries uint32s(String key, int... value) {
        return items(
                key,
                GgufValueType.UINT32,
                value.length,
                index -> new GgufValue.Whole(GgufValueType.UINT32, Integer.toUnsignedLong(value[index])));
    }

    /** Sets a list of numbers with fractions, of 32 bits in the file. */
    public Entries float32s(String key, float... value) {
        return items(
                key,
                GgufValueType.FLOAT32,
                value.length,
                index -> new GgufValue.Real(GgufValueType.FLOAT32, value[index]));
    }

    /** Sets a list of trues and falses. */
    public Entries bools(String key, boolean... value) {
        return items(key, GgufValueType.BOOL, value.length, index -> new GgufValue.Bool(value[index]));
    }

    /** All of them in order, as they are now and will be. */
    public Map<String, GgufValue> asMap() {
        return Collections.unmodifiableMap(values);
    }

    private Entries items(String key, GgufValueType type, int count, IntFunction<GgufValue> item) {
        var items = new ArrayList<GgufValue>(count);
        for (var index = 0; index < count; index++) {
            items.add(item.apply(index));
        }
        return put(key, new GgufValue.Items(type, count, Optional.of(items)));
    }

    private static GgufValue whole(GgufValueType type, String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidRequest(
                    "the model's files give " + key + " the value " + value + ", which is out of its range");
        }
        return new GgufValue.Whole(type, value);
    }
}
