// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Set;

/**
 * Refuses what llama.cpp's converter would silently leave out of a grammar: an answer that broke the schema would be called
 * right. Keywords that only describe, and those that nobody knows, constrain nothing and pass. Source: JSON Schema 2020-12, and
 * the converter of llama.cpp v0.5.0.
 */
final class SchemaKeywords {
    private static final Set<String> UNSUPPORTED = Set.of(
            "not",
            "if",
            "then",
            "else",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "unevaluatedProperties",
            "unevaluatedItems",
            "additionalItems",
            "contains",
            "minContains",
            "maxContains",
            "uniqueItems",
            "multipleOf",
            "$dynamicRef",
            "$recursiveRef");

    /** What says something of a value: none of them counts beside one that the converter looks at first. */
    private static final Set<String> CONSTRAINTS = Set.of(
            "$ref",
            "oneOf",
            "anyOf",
            "allOf",
            "const",
            "enum",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum");

    private static final List<String> SCHEMAS_BY_NAME = List.of("properties", "$defs", "definitions");
    private static final List<String> SCHEMAS = List.of("items", "additionalProperties");
    private static final List<String> SCHEMAS_IN_ORDER = List.of("items", "prefixItems", "anyOf", "oneOf", "allOf");

    private SchemaKeywords() {}

    /** Fails with {@link InvalidRequest}, which names the keyword and its place. */
    static void check(JsonNode schema) {
        check(schema, "#");
    }

    private static void check(JsonNode schema, String path) {
        if (!schema.isObject()) {
            return;
        }
        schema.fieldNames().forEachRemaining(keyword -> {
            if (UNSUPPORTED.contains(keyword) && constrains(keyword, schema.get(keyword))) {
                throw refusal(keyword, path, "");
            }
        });
        refuseBeside(schema, path);
        for (var keyword : SCHEMAS_BY_NAME) {
            schema.path(keyword)
                    .properties()
                    .forEach(entry -> check(entry.getValue(), path + "/" + keyword + "/" + entry.getKey()));
        }
        for (var keyword : SCHEMAS) {
            check(schema.path(keyword), path + "/" + keyword);
        }
        for (var keyword : SCHEMAS_IN_ORDER) {
            if (schema.path(keyword).isArray()) {
                for (int i = 0; i < schema.get(keyword).size(); i++) {
                    check(schema.get(keyword).get(i), path + "/" + keyword + "/" + i);
                }
            }
        }
    }

    private static boolean constrains(String keyword, JsonNode value) {
        return switch (keyword) {
            case "uniqueItems" -> value.asBoolean();
            case "minProperties", "minContains" -> value.asInt() > 0;
            case "unevaluatedProperties", "unevaluatedItems", "additionalItems" -> !value.isBoolean();
            default -> true;
        };
    }

    /** Where the converter follows one keyword and forgets the others. */
    private static void refuseBeside(JsonNode schema, String path) {
        for (var leading : List.of("$ref", "oneOf", "anyOf")) {
            if (schema.has(leading)) {
                refuseAnyBut(schema, path, leading);
                return;
            }
        }
        if (schema.has("allOf")) {
            refuseAnyBut(schema, path, "allOf");
            for (var part : schema.path("allOf")) {
                if (!part.has("properties") && !part.has("$ref") && !part.has("enum") && !part.has("anyOf")) {
                    throw refusal("allOf", path, " but for objects");
                }
            }
        } else if (schema.has("pattern") && (schema.has("minLength") || schema.has("maxLength"))) {
            throw refusal(schema.has("minLength") ? "minLength" : "maxLength", path, " beside \"pattern\"");
        } else if (schema.has("items") && schema.has("prefixItems")) {
            throw refusal("items", path, " beside \"prefixItems\"");
        }
    }

    private static void refuseAnyBut(JsonNode schema, String path, String leading) {
        schema.fieldNames().forEachRemaining(keyword -> {
            if (CONSTRAINTS.contains(keyword) && !keyword.equals(leading)) {
                throw refusal(keyword, path, " beside \"" + leading + "\"");
            }
        });
    }

    private static InvalidRequest refusal(String keyword, String path, String where) {
        return new InvalidRequest(
                "invalid JSON schema: the keyword \"" + keyword + "\" at " + path + " is not supported" + where);
    }
}
