// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON schema that says in words of llama.cpp's converter what it said in others.
 *
 * <p>The converter knows no bounds of numbers that are not whole: such a number becomes a constant string, whose place in the
 * grammar {@link #complete} gives to the rule of its range. Required properties that are not described are described as anything,
 * patterns are {@linkplain SchemaPattern rewritten}, a single {@code allOf} is what is in it.
 */
final class PreparedSchema {
    private static final List<String> BOUNDS = List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
    private static final String PLACE = "puna number range ";

    private final JsonNode schema;
    private final List<String> ranges = new ArrayList<>();
    private final Set<String> patterns = new LinkedHashSet<>();

    private PreparedSchema(JsonNode schema) {
        this.schema = prepared(schema.deepCopy());
    }

    /** Changes a copy of the schema; fails with {@link InvalidRequest} where it allows nothing. */
    static PreparedSchema of(JsonNode schema) {
        return new PreparedSchema(schema);
    }

    JsonNode schema() {
        return schema;
    }

    /** The patterns in the schema, rewritten. */
    Set<String> patterns() {
        return patterns;
    }

    /** Puts the ranges of numbers into a grammar that was made of the schema. */
    String complete(String grammar) {
        var whole = grammar;
        for (int i = 0; i < ranges.size(); i++) {
            whole = whole.replace("\"\\\"" + PLACE + i + "\\\"\"", "(" + ranges.get(i) + ")");
        }
        return whole;
    }

    private JsonNode prepared(JsonNode node) {
        if (node.isBoolean() && node.asBoolean()) {
            return Json.object();
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        for (var keyword : List.of("properties", "$defs", "definitions")) {
            if (object.get(keyword) instanceof ObjectNode named) {
                named.properties().forEach(entry -> entry.setValue(prepared(entry.getValue())));
            }
        }
        for (var keyword : List.of("items", "prefixItems", "anyOf", "oneOf", "allOf")) {
            if (object.get(keyword) instanceof ArrayNode list) {
                for (int i = 0; i < list.size(); i++) {
                    list.set(i, prepared(list.get(i)));
                }
            }
        }
        for (var keyword : List.of("items", "additionalProperties")) {
            if (object.get(keyword) instanceof ObjectNode inner) {
                object.set(keyword, prepared(inner));
            }
        }
        return rewritten(object);
    }

    private JsonNode rewritten(ObjectNode object) {
        if (object.get("items") != null && object.get("items").isBoolean()) {
            // A list that ends with its prefix, which is how the converter sees it, or one of anything.
            object.remove("items");
        }
        if (object.path("allOf").size() == 1 && object.get("allOf").get(0) instanceof ObjectNode only) {
            object.remove("allOf");
            object.setAll(only);
        }
        describeRequired(object);
        var pattern = object.get("pattern");
        if (pattern != null && pattern.isTextual()) {
            var rewritten = SchemaPattern.rewritten(pattern.asText());
            patterns.add(rewritten);
            object.put("pattern", rewritten);
        }
        return bounded(object) ? range(object) : object;
    }

    private static void describeRequired(ObjectNode object) {
        if (!object.path("required").isArray() || object.has("$ref") || object.has("allOf")) {
            return;
        }
        var properties = object.get("properties") instanceof ObjectNode given ? given : object.objectNode();
        for (var name : object.get("required")) {
            if (name.isTextual() && !properties.has(name.asText())) {
                properties.putObject(name.asText());
                if (!object.has("properties") && !object.has("additionalProperties")) {
                    object.put("additionalProperties", true);
                }
                object.set("properties", properties);
            }
        }
    }

    private static boolean bounded(ObjectNode object) {
        return BOUNDS.stream().anyMatch(object::has) && types(object).contains("number");
    }

    private static List<String> types(ObjectNode object) {
        var types = new ArrayList<String>();
        if (object.path("type").isTextual()) {
            types.add(object.get("type").asText());
        }
        object.path("type").forEach(type -> types.add(type.asText()));
        return types;
    }

    private JsonNode range(ObjectNode object) {
        var others =
                types(object).stream().filter(type -> !type.equals("number")).toList();
        if (others.isEmpty()) {
            return number(object);
        }
        var either = object.objectNode();
        var choices = either.putArray("anyOf");
        choices.add(number(object));
        for (var type : others) {
            choices.add(object.deepCopy().put("type", type));
        }
        return either;
    }

    private ObjectNode number(ObjectNode object) {
        var least = bound(object, "minimum");
        var above = bound(object, "exclusiveMinimum");
        var most = bound(object, "maximum");
        var below = bound(object, "exclusiveMaximum");
        boolean isAbove = above != null && (least == null || above.compareTo(least) >= 0);
        boolean isBelow = below != null && (most == null || below.compareTo(most) <= 0);
        var rule = new NumberRange(isAbove ? above : least, isAbove, isBelow ? below : most, isBelow).rule();
        if (rule.isEmpty()) {
            throw new InvalidRequest("invalid JSON schema: no number lies between its \"minimum\" and \"maximum\"");
        }
        ranges.add(rule);
        return object.objectNode().put("const", PLACE + (ranges.size() - 1));
    }

    private static @Nullable BigDecimal bound(ObjectNode object, String keyword) {
        var bound = object.get(keyword);
        if (bound == null) {
            return null;
        }
        if (!bound.isNumber() || Math.abs(bound.asDouble()) > 1e15) {
            throw new InvalidRequest(
                    "invalid JSON schema: \"" + keyword + "\" must be a number of at most 15 digits before the point");
        }
        return new BigDecimal(bound.asText());
    }
}
