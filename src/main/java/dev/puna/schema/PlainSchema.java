// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Schemas so simple that llama.cpp's converter makes the right grammar of them: those of most tools. */
final class PlainSchema {
    private static final Set<String> SILENT = Set.of(
            "type",
            "title",
            "description",
            "default",
            "examples",
            "example",
            "properties",
            "required",
            "$schema",
            "enum",
            "items",
            "additionalProperties");

    private PlainSchema() {}

    static boolean is(JsonNode schema) {
        if (!schema.isObject() || !schema.properties().stream().allMatch(entry -> SILENT.contains(entry.getKey()))) {
            return false;
        }
        boolean described = schema.path("properties").isObject();
        boolean required = !schema.has("required")
                || described
                        && all(schema.get("required"), name -> schema.get("properties")
                                .has(name.asText()));
        return required
                && switch (schema.path("type").asText()) {
                    case "object" ->
                        only(schema, "properties", "required", "additionalProperties")
                                && (!schema.has("properties") || described)
                                && (!schema.has("additionalProperties")
                                        || described
                                                && schema.get("additionalProperties")
                                                        .isBoolean()
                                                && !schema.get("additionalProperties")
                                                        .asBoolean())
                                && all(schema.path("properties"), PlainSchema::is);
                    case "array" -> only(schema, "items") && (!schema.has("items") || is(schema.get("items")));
                    case "string" ->
                        only(schema, "enum")
                                && all(schema.path("enum"), JsonNode::isTextual)
                                && (!schema.has("enum") || !schema.get("enum").isEmpty());
                    case "integer", "number", "boolean", "null" -> only(schema);
                    default -> false;
                };
    }

    private static boolean only(JsonNode schema, String... keywords) {
        var allowed = Set.of(keywords);
        return Set.of("properties", "required", "enum", "items", "additionalProperties").stream()
                .allMatch(keyword -> allowed.contains(keyword) || !schema.has(keyword));
    }

    private static boolean all(JsonNode list, java.util.function.Predicate<JsonNode> condition) {
        for (var each : list) {
            if (!condition.test(each)) {
                return false;
            }
        }
        return true;
    }
}
