// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.failure.InvalidRequest;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Definitions of tools as models get to see them: the keys that Ollama knows, in its order, and no others; properties in the order
 * of the client. Source: contract 1.4.
 *
 * <p>A function without parameters, which Ollama writes with nulls that no schema has, becomes one of an empty object.
 */
final class ToolForm {
    /** Keeps every digit of a number. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Far deeper than any tool, and far from the end of the stack. */
    private static final int DEEPEST = 200;

    /** Of values that are passed on as they are; with the levels around them still less than the 1,000 that Jackson writes. */
    private static final int DEEPEST_VALUE = 500;

    private ToolForm() {}

    /** The definition as JSON text; its shape is checked on the way, with Go's errors. */
    static String of(JsonObject tool) {
        var form = JSON.createObjectNode();
        form.put("type", tool.string("type"));
        putAny(form, "items", tool);
        form.set(
                "function",
                function(tool.field("function").map(value -> value.object("api.ToolFunction")), "parameters"));
        return form.toString();
    }

    /**
     * The definition of a function by itself, under a name.
     *
     * @param schema name of the field with the schema of its arguments
     */
    static String ofFunction(JsonObject function, String name, String schema) {
        var form = JSON.createObjectNode();
        form.put("type", "function");
        form.set("function", function(Optional.of(function), schema).put("name", name));
        return form.toString();
    }

    /** The definition of a function that takes one text. */
    static String ofText(String name, String description) {
        var form = JSON.createObjectNode();
        form.put("type", "function");
        var function = form.putObject("function").put("name", name).put("description", description);
        var parameters = function.putObject("parameters").put("type", "object");
        parameters.putArray("required").add("input");
        parameters.putObject("properties").putObject("input").put("type", "string");
        return form.toString();
    }

    private static ObjectNode function(Optional<JsonObject> given, String schema) {
        var form = JSON.createObjectNode();
        form.put("name", given.map(function -> function.string("name")).orElse(""));
        given.ifPresent(function -> putUnlessEmpty(form, "description", function.string("description")));
        var parameters = given.flatMap(function -> function.field(schema))
                .map(value -> value.object("api.ToolFunctionParameters"));
        form.set("parameters", parameters(parameters));
        return form;
    }

    private static ObjectNode parameters(Optional<JsonObject> given) {
        var form = JSON.createObjectNode();
        var type = given.map(parameters -> parameters.string("type")).orElse("");
        form.put("type", type.isEmpty() ? "object" : type);
        given.ifPresent(parameters -> {
            putAny(form, "$defs", parameters);
            putAny(form, "items", parameters);
            putTexts(form, "required", parameters);
        });
        form.set("properties", given.flatMap(it -> properties(it, 0)).orElseGet(JSON::createObjectNode));
        return form;
    }

    private static Optional<ObjectNode> properties(JsonObject parent, int depth) {
        return parent.field("properties").filter(value -> !value.isNull()).map(value -> {
            var form = JSON.createObjectNode();
            value.orderedMap("ToolProperty").forEach((name, property) -> form.set(name, property(property, depth)));
            return form;
        });
    }

    private static ObjectNode property(JsonValue value, int depth) {
        if (depth > DEEPEST) {
            throw tooDeep();
        }
        var given = value.object("api.ToolProperty");
        var form = JSON.createObjectNode();
        given.field("anyof").ifPresent(choices -> {
            var list = choices.list("[]api.ToolProperty");
            if (!list.isEmpty()) {
                var array = form.putArray("anyOf");
                list.forEach(choice -> array.add(property(choice, depth + 1)));
            }
        });
        given.field("type").ifPresent(type -> putType(form, type));
        putAny(form, "items", given);
        putUnlessEmpty(form, "description", given.string("description"));
        given.field("enum").ifPresent(choices -> {
            var list = choices.list("[]interface {}");
            if (!list.isEmpty()) {
                var array = form.putArray("enum");
                list.forEach(choice -> array.add(any(choice)));
            }
        });
        properties(given, depth + 1).ifPresent(properties -> form.set("properties", properties));
        putTexts(form, "required", given);
        return form;
    }

    /** One name, or several, of which one alone is written without brackets. */
    private static void putType(ObjectNode form, JsonValue type) {
        if (type.isString()) {
            putUnlessEmpty(form, "type", type.string());
            return;
        }
        var names =
                type.list("api.PropertyType").stream().map(JsonValue::string).toList();
        if (names.size() == 1) {
            form.put("type", names.getFirst());
        } else if (!names.isEmpty()) {
            var array = form.putArray("type");
            names.forEach(array::add);
        }
    }

    private static void putTexts(ObjectNode form, String key, JsonObject given) {
        var texts = given.strings(key);
        if (!texts.isEmpty()) {
            var array = form.putArray(key);
            texts.forEach(array::add);
        }
    }

    private static void putUnlessEmpty(ObjectNode form, String key, String value) {
        if (!value.isEmpty()) {
            form.put(key, value);
        }
    }

    private static void putAny(ObjectNode form, String key, JsonObject given) {
        given.field(key).filter(value -> !value.isNull()).ifPresent(value -> form.set(key, any(value)));
    }

    /** Any JSON; Go keeps it in maps, which it writes in the order of their keys. */
    private static JsonNode any(JsonValue value) {
        try {
            return sorted(JSON.readTree(value.rewritten()), 0);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("rewritten JSON cannot be read", e);
        }
    }

    private static JsonNode sorted(JsonNode node, int depth) {
        if (depth > DEEPEST_VALUE) {
            throw tooDeep();
        }
        if (node instanceof ArrayNode array) {
            var elements = JSON.createArrayNode();
            array.forEach(element -> elements.add(sorted(element, depth + 1)));
            return elements;
        }
        if (node instanceof ObjectNode object) {
            var members = new TreeMap<String, JsonNode>();
            object.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue(), depth + 1)));
            var form = JSON.createObjectNode();
            form.setAll(members);
            return form;
        }
        return node;
    }

    private static InvalidRequest tooDeep() {
        return new InvalidRequest("the parameters of a tool are nested too deeply");
    }
}
