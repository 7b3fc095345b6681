// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The names of types in JSON Schema, and those that people write instead in tools made by hand. */
final class TypeNames {
    private static final Map<String, JsonType> KNOWN = Map.of(
            "object", JsonType.OBJECT,
            "array", JsonType.ARRAY,
            "string", JsonType.STRING,
            "number", JsonType.NUMBER,
            "integer", JsonType.NUMBER,
            "boolean", JsonType.BOOLEAN,
            "null", JsonType.NULL);

    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("int", "integer"),
            Map.entry("int32", "integer"),
            Map.entry("int64", "integer"),
            Map.entry("long", "integer"),
            Map.entry("uint8", "integer"),
            Map.entry("uint32", "integer"),
            Map.entry("uint64", "integer"),
            Map.entry("float", "number"),
            Map.entry("float32", "number"),
            Map.entry("float64", "number"),
            Map.entry("double", "number"),
            Map.entry("decimal", "number"),
            Map.entry("str", "string"),
            Map.entry("text", "string"),
            Map.entry("char", "string"),
            Map.entry("bool", "boolean"),
            Map.entry("list", "array"),
            Map.entry("tuple", "array"),
            Map.entry("set", "array"),
            Map.entry("dict", "object"),
            Map.entry("map", "object"),
            Map.entry("none", "null"));

    private TypeNames() {}

    static Optional<JsonType> type(String name) {
        return Optional.ofNullable(KNOWN.get(name));
    }

    /** The name in JSON Schema. */
    static String usual(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return USUAL.getOrDefault(lower, lower);
    }

    /** Whether it names no type that is known: such a value is taken for anything. */
    static boolean meanAnything(String name) {
        return !KNOWN.containsKey(usual(name));
    }
}
