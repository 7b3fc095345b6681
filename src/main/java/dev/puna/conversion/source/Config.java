// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.source;

import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object of a model's JSON with getters that say which file and key is wrong. Where several keys are asked for, the first that
 * is there counts, even if it is null: so the converter of llama.cpp has it. Immutable; any thread.
 */
public final class Config {
    private final String where;
    private final Map<String, @Nullable Object> values;

    /**
     * @param where the file, and the place in it
     */
    public Config(String where, Map<String, ? extends @Nullable Object> values) {
        this.where = where;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The object in a file that must be there. */
    public static Config read(ModelFiles files, String name) {
        return new Config(
                name,
                Json.object(files, name).orElseThrow(() -> new InvalidRequest("the model lacks the file " + name)));
    }

    /** Everything in order; values are what {@link Json} makes. */
    public Map<String, @Nullable Object> values() {
        return values;
    }

    /** Whether the key is there, null or not. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Whether the key is there and not null. */
    public boolean set(String key) {
        return values.get(key) != null;
    }

    /** The value of the first key that is there; nothing where that is null. */
    public Optional<Object> find(String... keys) {
        for (var key : keys) {
            if (values.containsKey(key)) {
                return Optional.ofNullable(values.get(key));
            }
        }
        return Optional.empty();
    }

    /** A whole number that must be there. */
    public long whole(String... keys) {
        return find(keys).map(value -> whole(value, keys)).orElseThrow(() -> lacks("the whole number", keys));
    }

    /** A whole number, or another where it is not there or null. */
    public long whole(String key, long other) {
        return find(key).map(value -> whole(value, key)).orElse(other);
    }

    /** A number that must be there. */
    public double real(String... keys) {
        return find(keys).map(value -> real(value, keys)).orElseThrow(() -> lacks("the number", keys));
    }

    /** A number, or another where it is not there or null. */
    public double real(String key, double other) {
        return find(key).map(value -> real(value, key)).orElse(other);
    }

    /** A number if it is there. */
    public Optional<Double> optionalReal(String... keys) {
        return find(keys).map(value -> real(value, keys));
    }

    /** A whole number if it is there. */
    public Optional<Long> optionalWhole(String... keys) {
        return find(keys).map(value -> whole(value, keys));
    }

    /** Whether something is so: other than false, null, zero, empty or not there. */
    public boolean truthy(String key) {
        return switch (values.get(key)) {
            case null -> false;
            case Boolean is -> is;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /** True or false, or another where it is not there or null. */
    public boolean bool(String key, boolean other) {
        return switch (values.get(key)) {
            case null -> other;
            case Boolean is -> is;
            default -> throw wrong("true or false", key);
        };
    }

    /** A text if it is there. */
    public Optional<String> text(String... keys) {
        return find(keys).map(value -> {
            if (value instanceof String text) {
                return text;
            }
            throw wrong("a text", keys);
        });
    }

    /** An object in this one; an empty one where it is not there or null. */
    public Config section(String key) {
        return switch (values.get(key)) {
            case null -> new Config(where + " " + key, Map.of());
            case Map<?, ?> map -> new Config(where + " " + key, named(map));
            default -> throw wrong("an object", key);
        };
    }

    /** A list that must be there. */
    public List<@Nullable Object> list(String... keys) {
        var value = find(keys).orElseThrow(() -> lacks("the list", keys));
        if (value instanceof List<?> list) {
            return Collections.unmodifiableList(new ArrayList<>(list));
        }
        throw wrong("a list", keys);
    }

    /** A list of numbers that must be there. */
    public double[] reals(String... keys) {
        return list(keys).stream()
                .mapToDouble(value -> real(value == null ? "" : value, keys))
                .toArray();
    }

    /** A list of whole numbers that must be there. */
    public long[] wholes(String... keys) {
        return list(keys).stream()
                .mapToLong(value -> whole(value == null ? "" : value, keys))
                .toArray();
    }

    /** This with other values, which go before those that are here. */
    public Config with(Map<String, ? extends @Nullable Object> others) {
        var merged = new LinkedHashMap<String, @Nullable Object>(values);
        merged.putAll(others);
        return new Config(where, merged);
    }

    /** This with others where a key is not there. */
    public Config withDefaults(Map<String, ? extends @Nullable Object> others) {
        var merged = new LinkedHashMap<String, @Nullable Object>(values);
        others.forEach((key, value) -> {
            if (!merged.containsKey(key)) {
                merged.put(key, value);
            }
        });
        return new Config(where, merged);
    }

    /** A value for people, not too long. */
    public static String told(Object value) {
        var text = String.valueOf(value);
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }

    /** What to tell of a value that cannot be. */
    public InvalidRequest wrong(String expected, String... keys) {
        return new InvalidRequest(where + ": '" + String.join("' or '", keys) + "' must be " + expected);
    }

    private InvalidRequest lacks(String what, String... keys) {
        return new InvalidRequest(where + " lacks " + what + " '" + String.join("' or '", keys) + "'");
    }

    private long whole(Object value, String... keys) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number;
            case Double number when number == Math.rint(number) && Math.abs(number) < 1L << 53 -> number.longValue();
            default -> throw wrong("a whole number", keys);
        };
    }

    private double real(Object value, String... keys) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong("a number", keys);
    }

    private static Map<String, @Nullable Object> named(Map<?, ?> map) {
        var named = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> named.put(String.valueOf(key), value));
        return named;
    }
}
