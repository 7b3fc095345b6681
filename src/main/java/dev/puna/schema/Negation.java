// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.schema.pattern.Formats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The opposites of schemas, as alternatives: what "not", "if" and "else", and the schemas that depend on a property, amount to.
 * Known for what speaks of types, values, bounds, lengths, and of properties that are there or are something.
 */
final class Negation {
    /** A keyword of ours: the one value that is not allowed. */
    static final String EXCLUDED = "puna:excluded";

    /** A keyword of ours: properties that must not be there. */
    static final String FORBIDDEN = "puna:forbidden";

    private static final Set<String> SILENT = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$comment",
            "$schema",
            "$id",
            "$anchor",
            "$defs",
            "definitions",
            "nullable",
            "then",
            "else");

    private final SchemaContext context;

    Negation(SchemaContext context) {
        this.context = context;
    }

    /** What a schema's conditions amount to: each list holds alternatives, one of which must hold. */
    List<List<JsonNode>> choices(ObjectNode node) {
        var all = new ArrayList<List<JsonNode>>();
        if (node.has("not")) {
            of(node.get("not"))
                    .ifPresentOrElse(
                            all::add,
                            () -> context.unsupported(node, "not", " with a schema whose opposite is not known here"));
        }
        if (node.has("if") && (node.has("then") || node.has("else"))) {
            of(node.get("if"))
                    .ifPresentOrElse(
                            opposite -> all.add(conditional(node, opposite)),
                            () -> context.unsupported(node, "if", " with a schema whose opposite is not known here"));
        }
        for (var keyword : List.of("dependentRequired", "dependentSchemas", "dependencies")) {
            for (var entry : node.path(keyword).properties()) {
                all.add(dependent(node, entry.getKey(), entry.getValue()));
            }
        }
        return all;
    }

    private List<JsonNode> conditional(ObjectNode node, List<JsonNode> opposite) {
        var alternatives = new ArrayList<JsonNode>();
        alternatives.add(both(node, node.get("if"), node.path("then")));
        opposite.forEach(each -> alternatives.add(both(node, each, node.path("else"))));
        return alternatives;
    }

    private ObjectNode both(ObjectNode place, JsonNode one, JsonNode other) {
        return made(place, node -> {
            var all = node.putArray("allOf").add(one);
            if (!other.isMissingNode()) {
                all.add(other);
            }
        });
    }

    private List<JsonNode> dependent(ObjectNode node, String name, JsonNode wanted) {
        var absent = made(node, made -> made.putArray(FORBIDDEN).add(name));
        var present = made(node, made -> {
            var required = made.putArray("required").add(name);
            if (wanted instanceof ArrayNode names) {
                required.addAll(names);
            } else {
                made.putArray("allOf").add(wanted);
            }
        });
        return List.of(absent, present);
    }

    /** The alternatives to a schema; empty if they are not known. */
    Optional<List<JsonNode>> of(JsonNode schema) {
        if (schema.isBoolean()) {
            return Optional.of(schema.asBoolean() ? List.of() : List.of(BooleanNode.TRUE));
        }
        if (!(schema instanceof ObjectNode node)) {
            return Optional.empty();
        }
        var alternatives = new ArrayList<JsonNode>();
        for (var entry : node.properties()) {
            var opposite = SILENT.contains(entry.getKey())
                    ? Optional.of(List.<JsonNode>of())
                    : of(node, entry.getKey(), entry.getValue());
            if (opposite.isEmpty()) {
                return Optional.empty();
            }
            alternatives.addAll(opposite.get());
        }
        return Optional.of(alternatives);
    }

    private Optional<List<JsonNode>> of(ObjectNode node, String keyword, JsonNode value) {
        return switch (keyword) {
            case "type" -> otherTypes(node, value);
            case "const" -> Optional.of(unlike(node, value));
            case "enum" ->
                Optional.of(List.of(made(node, made -> {
                    var all = made.putArray("allOf");
                    value.forEach(each -> {
                        var alternatives = all.addObject();
                        unlike(node, each).forEach(alternatives.putArray("anyOf")::add);
                    });
                })));
            case "minimum" -> typed(node, "number", "exclusiveMaximum", value);
            case "exclusiveMinimum" -> value.isNumber() ? typed(node, "number", "maximum", value) : Optional.empty();
            case "maximum" -> typed(node, "number", "exclusiveMinimum", value);
            case "exclusiveMaximum" -> value.isNumber() ? typed(node, "number", "minimum", value) : Optional.empty();
            case "minLength" -> counted(node, "string", "maxLength", value, -1);
            case "maxLength" -> counted(node, "string", "minLength", value, 1);
            case "minItems" -> counted(node, "array", "maxItems", value, -1);
            case "maxItems" -> counted(node, "array", "minItems", value, 1);
            case "required" -> absent(node, value);
            case "properties" -> otherwise(node, value);
            case "not" -> Optional.of(List.of(value));
            case "anyOf" -> noneOf(node, value);
            case "allOf" -> {
                var all = new ArrayList<JsonNode>();
                for (var part : value) {
                    var opposite = of(part);
                    if (opposite.isEmpty()) {
                        yield Optional.empty();
                    }
                    all.addAll(opposite.get());
                }
                yield Optional.of(all);
            }
            case "$ref" -> {
                var target = context.document().target(node);
                // A schema that refers to one around it has no opposite of finite size.
                yield target.findValue("$ref") == null ? of(target) : Optional.empty();
            }
            case "format" -> Formats.of(value.asText()).isEmpty() ? Optional.of(List.of()) : Optional.empty();
            default -> keyword.contains(":") || keyword.startsWith("x-") ? Optional.of(List.of()) : Optional.empty();
        };
    }

    private ObjectNode made(JsonNode place, Consumer<ObjectNode> fill) {
        var made = JsonNodeFactory.instance.objectNode();
        fill.accept(made);
        return context.document().derived(made, place);
    }

    private Optional<List<JsonNode>> typed(ObjectNode node, String type, String keyword, JsonNode value) {
        return Optional.of(List.of(made(node, made -> made.put("type", type).set(keyword, value))));
    }

    private Optional<List<JsonNode>> counted(ObjectNode node, String type, String keyword, JsonNode value, int by) {
        long count = value.asLong() + by;
        return Optional.of(
                count < 0
                        ? List.of()
                        : List.of(made(node, made -> made.put("type", type).put(keyword, count))));
    }

    private Optional<List<JsonNode>> otherTypes(ObjectNode node, JsonNode value) {
        var others = new ArrayList<>(List.of("object", "array", "string", "number", "boolean", "null"));
        boolean whole = false;
        for (var type : value.isArray() ? value : List.of(value)) {
            whole |= type.asText().equals("integer");
            others.remove(type.asText());
        }
        if (whole && others.contains("number")) {
            // Numbers that are not whole cannot be told from others by what is written here: leave all numbers out.
            others.remove("number");
        }
        return Optional.of(
                others.isEmpty()
                        ? List.of()
                        : List.of(made(node, made -> {
                            var types = made.putArray("type");
                            others.forEach(types::add);
                        })));
    }

    private List<JsonNode> unlike(ObjectNode node, JsonNode value) {
        var all = new ArrayList<JsonNode>();
        var type = value.isNumber()
                ? "number"
                : value.isTextual()
                        ? "string"
                        : value.isBoolean()
                                ? "boolean"
                                : value.isNull() ? "null" : value.isArray() ? "array" : "object";
        all.add(made(node, made -> {
            var types = made.putArray("type");
            for (var other : List.of("object", "array", "string", "number", "boolean", "null")) {
                if (!other.equals(type)) {
                    types.add(other);
                }
            }
        }));
        if (value.isNumber()) {
            all.add(made(node, made -> made.put("type", "number").set("exclusiveMaximum", value)));
            all.add(made(node, made -> made.put("type", "number").set("exclusiveMinimum", value)));
        } else {
            all.add(made(node, made -> made.put("type", type).set(EXCLUDED, value)));
        }
        return all;
    }

    private Optional<List<JsonNode>> absent(ObjectNode node, JsonNode names) {
        var all = new ArrayList<JsonNode>();
        names.forEach(name -> all.add(made(node, made -> {
            made.put("type", "object").putArray(FORBIDDEN).add(name);
        })));
        return Optional.of(all);
    }

    private Optional<List<JsonNode>> otherwise(ObjectNode node, JsonNode properties) {
        var all = new ArrayList<JsonNode>();
        for (var entry : properties.properties()) {
            var opposite = of(entry.getValue());
            if (opposite.isEmpty()) {
                return Optional.empty();
            }
            if (!opposite.get().isEmpty()) {
                all.add(made(node, made -> {
                    made.put("type", "object").putArray("required").add(entry.getKey());
                    var schema = made.putObject("properties").putObject(entry.getKey());
                    opposite.get().forEach(schema.putArray("anyOf")::add);
                }));
            }
        }
        return Optional.of(all);
    }

    private Optional<List<JsonNode>> noneOf(ObjectNode node, JsonNode alternatives) {
        var opposites = new ArrayList<List<JsonNode>>();
        for (var alternative : alternatives) {
            var opposite = of(alternative);
            if (opposite.isEmpty()) {
                return Optional.empty();
            }
            opposites.add(opposite.get());
        }
        if (opposites.stream().anyMatch(List::isEmpty)) {
            return Optional.of(List.of());
        }
        return Optional.of(List.of(made(node, made -> {
            var all = made.putArray("allOf");
            opposites.forEach(each -> each.forEach(all.addObject().putArray("anyOf")::add));
        })));
    }
}
