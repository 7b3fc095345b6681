// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.schema.pattern.Formats;
import dev.puna.schema.pattern.Regex;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Adds what the keywords of one schema say of a value itself to a branch; those that combine schemas are the expansion's. */
final class KeywordReader {
    /** How many values that are compared are one step of work. */
    private static final int CHEAP = 4;

    private final SchemaContext context;

    KeywordReader(SchemaContext context) {
        this.context = context;
    }

    void read(ObjectNode node, Branch into) {
        types(node, into);
        values(node, into);
        numbers(node, into);
        strings(node, into);
        arrays(node, into);
        objects(node, into);
    }

    private void types(ObjectNode node, Branch into) {
        if (!node.has("type")) {
            return;
        }
        var named = EnumSet.noneOf(JsonType.class);
        boolean fractions = false;
        boolean whole = false;
        var types = node.get("type");
        for (var type : types.isArray() ? types : List.of(types)) {
            var name = type.asText();
            if (context.loose() && TypeNames.meanAnything(name)) {
                return;
            }
            var known = context.loose() ? TypeNames.usual(name) : name;
            whole |= known.equals("integer");
            fractions |= known.equals("number");
            named.add(TypeNames.type(known)
                    .orElseThrow(() -> context.refusal(
                            node,
                            type.isTextual()
                                    ? "unrecognized type " + name
                                    : "type must be a string or an array of strings")));
        }
        if (named.isEmpty()) {
            throw context.refusal(node, "type must not be empty");
        }
        into.types.retainAll(named);
        into.typed = true;
        into.whole |= whole && !fractions;
    }

    private void values(ObjectNode node, Branch into) {
        if (node.has("const")) {
            keep(List.of(node.get("const")), into);
        }
        if (node.has("enum")) {
            var values = node.get("enum");
            if (!values.isArray() || values.isEmpty()) {
                throw context.refusal(node, "enum must be a non-empty array");
            }
            var list = new ArrayList<JsonNode>();
            values.forEach(list::add);
            keep(list, into);
        }
        if (node.has(Negation.EXCLUDED)) {
            into.excluded.add(node.get(Negation.EXCLUDED));
        }
    }

    private void keep(List<JsonNode> values, Branch into) {
        var before = into.values;
        if (before != null) {
            context.work((before.size() + values.size()) / CHEAP);
            var both = values.stream().map(JsonEquality::key).collect(Collectors.toSet());
            into.values = before.stream()
                    .filter(value -> both.contains(JsonEquality.key(value)))
                    .toList();
        } else {
            into.values = values;
        }
    }

    private void numbers(ObjectNode node, Branch into) {
        for (var keyword : List.of("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")) {
            if (node.has(keyword) && !node.get(keyword).isBoolean()) {
                into.mentioned.add(JsonType.NUMBER);
                bound(node, keyword, into);
            }
        }
        // Draft 4 says with a truth value that the bound itself is not allowed.
        if (node.path("exclusiveMinimum").asBoolean(false)
                && node.path("minimum").isNumber()) {
            into.atLeast(number(node, "minimum"), true);
        }
        if (node.path("exclusiveMaximum").asBoolean(false)
                && node.path("maximum").isNumber()) {
            into.atMost(number(node, "maximum"), true);
        }
    }

    private void bound(ObjectNode node, String keyword, Branch into) {
        var number = number(node, keyword);
        switch (keyword) {
            case "minimum" -> into.atLeast(number, false);
            case "exclusiveMinimum" -> into.atLeast(number, true);
            case "maximum" -> into.atMost(number, false);
            case "exclusiveMaximum" -> into.atMost(number, true);
            default -> {
                if (number.signum() <= 0) {
                    throw context.refusal(node, "multipleOf must be above 0");
                }
                into.multiplesOf.add(number);
            }
        }
    }

    private BigDecimal number(ObjectNode node, String keyword) {
        var given = node.get(keyword);
        if (!given.isNumber()) {
            throw context.refusal(node, "\"" + keyword + "\" must be a number");
        }
        var number = given.decimalValue();
        if (Math.abs((long) number.precision() - number.scale()) > 400 || number.scale() > 400) {
            throw context.refusal(node, "\"" + keyword + "\" has more than 400 digits");
        }
        return number;
    }

    private void strings(ObjectNode node, Branch into) {
        long least = count(node, "minLength", 0);
        long most = count(node, "maxLength", Regex.UNBOUNDED);
        ordered(node, "minLength", least, "maxLength", most);
        into.shortest = Math.max(into.shortest, least);
        into.longest = Branch.tighter(into.longest, most);
        if (node.has("minLength") || node.has("maxLength")) {
            into.mentioned.add(JsonType.STRING);
        }
        if (node.has("pattern")) {
            into.mentioned.add(JsonType.STRING);
            condition(node, into);
        }
        var format = node.path("format").asText("");
        Formats.of(format).ifPresent(pattern -> {
            into.mentioned.add(JsonType.STRING);
            into.conditions.add(new Branch.StringCondition("format", format, node, pattern));
        });
    }

    private void condition(ObjectNode node, Branch into) {
        var words = node.get("pattern");
        if (!words.isTextual()) {
            throw context.refusal(node, "pattern must be a string");
        }
        context.pattern(node, "pattern", words.asText())
                .ifPresent(pattern ->
                        into.conditions.add(new Branch.StringCondition("pattern", words.asText(), node, pattern)));
    }

    private void arrays(ObjectNode node, Branch into) {
        long least = count(node, "minItems", 0);
        long most = count(node, "maxItems", Regex.UNBOUNDED);
        ordered(node, "minItems", least, "maxItems", most);
        into.fewestItems = Math.max(into.fewestItems, least);
        into.fewestGiven |= node.has("minItems");
        into.mostItems = Branch.tighter(into.mostItems, most);
        into.unique |= node.path("uniqueItems").asBoolean(false);
        var items = node.get("items");
        var prefix = items instanceof ArrayNode ? items : node.get("prefixItems");
        if ((prefix != null && !prefix.isArray())
                || (items != null && !items.isContainerNode() && !items.isBoolean())) {
            throw context.refusal(node, prefix == null ? "items must be a schema" : "prefixItems must be an array");
        }
        // Behind a list of "items", as drafts before 2020-12 have it, "additionalItems" says what follows.
        var rest = Optional.ofNullable(items instanceof ArrayNode ? node.get("additionalItems") : items);
        if (prefix != null || rest.isPresent()) {
            var first = new ArrayList<JsonNode>();
            if (prefix != null) {
                prefix.forEach(first::add);
            }
            into.arrays.add(new ArrayPart(first, rest));
        }
        if (prefix != null
                || rest.isPresent()
                || node.has("minItems")
                || node.has("maxItems")
                || node.has("uniqueItems")) {
            into.mentioned.add(JsonType.ARRAY);
        }
    }

    private void objects(ObjectNode node, Branch into) {
        if (Set.of(
                        "properties",
                        "required",
                        "additionalProperties",
                        "patternProperties",
                        "minProperties",
                        "maxProperties")
                .stream()
                .anyMatch(node::has)) {
            into.mentioned.add(JsonType.OBJECT);
        }
        var described = node.get("properties");
        if (described != null && !described.isObject()) {
            throw context.refusal(node, "properties must be an object");
        }
        var additional = node.get("additionalProperties");
        if (additional != null && !additional.isObject() && !additional.isBoolean()) {
            throw context.refusal(node, "additionalProperties must be a boolean or a schema");
        }
        var patterned = patterned(node);
        if (described != null || additional != null || !patterned.isEmpty()) {
            into.objects.add(new ObjectPart(
                    Optional.ofNullable(described).map(KeywordReader::byName),
                    patterned,
                    Optional.ofNullable(additional)));
        }
        required(node, into);
        node.path(Negation.FORBIDDEN).forEach(name -> into.forbidden.add(name.asText()));
        long least = count(node, "minProperties", 0);
        long most = count(node, "maxProperties", Regex.UNBOUNDED);
        ordered(node, "minProperties", least, "maxProperties", most);
        into.fewestProperties = Math.max(into.fewestProperties, least);
        into.mostProperties = Branch.tighter(into.mostProperties, most);
        var names = node.get("propertyNames");
        if (names != null) {
            into.names.add(names);
        }
    }

    private void required(ObjectNode node, Branch into) {
        var names = node.path("required");
        // Drafts before 4 said with a truth value that a property itself is.
        boolean sound = names.isMissingNode()
                || names.isBoolean()
                || (names.isArray() && names.valueStream().allMatch(JsonNode::isTextual));
        if (!sound && !context.loose()) {
            throw context.refusal(node, "required must be an array of strings");
        }
        if (names.isArray()) {
            names.forEach(name -> into.required.add(name.asText()));
        }
    }

    /** Where nothing but the schema itself looks at properties or elements, the others are those that it does not describe. */
    void close(ObjectNode node, String keyword, Branch into) {
        var rest = Optional.of(node.get(keyword));
        if (keyword.equals("unevaluatedItems")) {
            if (!node.has("items") || (node.get("items").isArray() && !node.has("additionalItems"))) {
                into.mentioned.add(JsonType.ARRAY);
                var before = node.has("items") || node.has("prefixItems")
                        ? into.arrays.removeLast().prefix()
                        : List.<JsonNode>of();
                into.arrays.add(new ArrayPart(before, rest));
            }
        } else if (!node.has("additionalProperties")) {
            into.mentioned.add(JsonType.OBJECT);
            var before =
                    node.has("properties") || !node.path("patternProperties").isEmpty()
                            ? into.objects.removeLast()
                            : new ObjectPart(Optional.empty(), List.of(), Optional.empty());
            into.objects.add(new ObjectPart(before.described(), before.patterned(), rest));
        }
    }

    /** Lets no properties be written but those that some schema describes. */
    void closeDescribed(Branch into) {
        into.objects.add(new ObjectPart(Optional.of(Map.of()), List.of(), Optional.empty()));
    }

    private List<ObjectPart.Patterned> patterned(ObjectNode node) {
        var all = new ArrayList<ObjectPart.Patterned>();
        for (var entry : node.path("patternProperties").properties()) {
            context.pattern(node, "patternProperties", entry.getKey())
                    .ifPresent(pattern -> all.add(new ObjectPart.Patterned(
                            pattern, entry.getValue(), name -> context.matches(pattern, name))));
        }
        return all;
    }

    private static Map<String, JsonNode> byName(JsonNode properties) {
        var map = new LinkedHashMap<String, JsonNode>();
        properties.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return map;
    }

    private long count(ObjectNode node, String keyword, long otherwise) {
        var given = node.get(keyword);
        if (given == null) {
            return otherwise;
        }
        var count = given.isNumber() ? given.decimalValue() : BigDecimal.ONE.negate();
        if (count.signum() < 0 || count.stripTrailingZeros().scale() > 0) {
            throw context.refusal(node, keyword + " must be a non-negative integer");
        }
        return count.min(BigDecimal.valueOf(Integer.MAX_VALUE)).longValue();
    }

    private void ordered(ObjectNode node, String first, long least, String second, long most) {
        if (most >= 0 && least > most) {
            throw context.refusal(
                    node, "\"" + first + "\" " + node.get(first) + " is above \"" + second + "\" " + node.get(second));
        }
    }
}
