// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Definitions of tools whose types are those of JSON Schema. Written by hand they say {@code int} or {@code date}, and llama.cpp, which
 * makes a grammar of them, refuses the conversation for it. A type that has another name there gets that; any other says nothing, and
 * such a value may be anything.
 */
final class UsualToolTypes {
    private static final Set<String> KNOWN =
            Set.of("string", "integer", "number", "boolean", "array", "object", "null");
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("str", "string"),
            Map.entry("text", "string"),
            Map.entry("int", "integer"),
            Map.entry("long", "integer"),
            Map.entry("float", "number"),
            Map.entry("double", "number"),
            Map.entry("decimal", "number"),
            Map.entry("bool", "boolean"),
            Map.entry("list", "array"),
            Map.entry("dict", "object"),
            Map.entry("map", "object"),
            Map.entry("none", "null"));
    private static final List<String> ONE_SCHEMA = List.of("items", "additionalProperties", "not");
    private static final List<String> LISTS = List.of("anyOf", "oneOf", "allOf", "prefixItems");
    private static final List<String> BY_NAME = List.of("properties", "$defs", "definitions");

    private UsualToolTypes() {}

    /** The definition, changed in place: a tool that is of no type is a function. */
    static JsonNode in(JsonNode tool) {
        if (tool instanceof ObjectNode object && object.path("type").asText().isEmpty()) {
            object.put("type", "function");
        }
        schema(tool.path("function").path("parameters"));
        return tool;
    }

    private static void schema(JsonNode node) {
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        type(schema);
        ONE_SCHEMA.forEach(key -> schema(schema.path(key)));
        LISTS.forEach(key -> schema.path(key).forEach(UsualToolTypes::schema));
        BY_NAME.forEach(key -> schema.path(key).forEach(UsualToolTypes::schema));
    }

    private static void type(ObjectNode schema) {
        var type = schema.path("type");
        if (type.isTextual()) {
            put(schema, List.of(type.asText()), false);
        } else if (type.isArray()) {
            put(schema, type.valueStream().map(JsonNode::asText).toList(), true);
        }
    }

    private static void put(ObjectNode schema, List<String> given, boolean list) {
        var names = given.stream().map(UsualToolTypes::usual).distinct().toList();
        if (names.equals(given)) {
            return;
        }
        if (!KNOWN.containsAll(names)) {
            schema.remove("type");
        } else if (list) {
            var array = schema.putArray("type");
            names.forEach(array::add);
        } else {
            schema.put("type", names.getFirst());
        }
    }

    private static String usual(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return KNOWN.contains(lower) ? lower : OTHER_NAMES.getOrDefault(lower, "");
    }
}
