// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.Set;
import java.util.function.Predicate;

/** Schemas so simple that llama.cpp's converter makes the right grammar of them: those of most tools. */
final class PlainSchema {
    private static final Set<String> SILENT =
            Set.of("type", "title", "description", "default", "examples", "example", "$schema");

    private PlainSchema() {}

    static boolean is(JsonNode schema) {
        return schema.isObject()
                && switch (schema.path("type").asText()) {
                    case "object" ->
                        only(schema, "properties", "required", "additionalProperties")
                                && described(schema)
                                && all(schema.path("properties"), PlainSchema::is);
                    case "array" -> only(schema, "items") && (!schema.has("items") || is(schema.get("items")));
                    case "string" ->
                        only(schema, "enum")
                                && (!schema.has("enum") || !schema.get("enum").isEmpty())
                                && all(schema.path("enum"), JsonNode::isTextual);
                    case "integer", "number", "boolean", "null" -> only(schema);
                    default -> false;
                };
    }

    /** Whether properties are described if anything is said of them, required ones among them. */
    private static boolean described(JsonNode schema) {
        boolean silent = !schema.has("properties") && !schema.has("required") && !schema.has("additionalProperties");
        boolean closed = schema.path("additionalProperties").isMissingNode()
                || schema.path("additionalProperties").equals(BooleanNode.FALSE);
        return silent
                || (closed
                        && schema.path("properties").isObject()
                        && all(schema.path("required"), name -> schema.get("properties")
                                .has(name.asText())));
    }

    private static boolean only(JsonNode schema, String... keywords) {
        var allowed = Set.of(keywords);
        return schema.properties().stream()
                .allMatch(entry -> SILENT.contains(entry.getKey()) || allowed.contains(entry.getKey()));
    }

    private static boolean all(JsonNode list, Predicate<JsonNode> condition) {
        for (var each : list) {
            if (!condition.test(each)) {
                return false;
            }
        }
        return true;
    }
}
