// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Schemas of all keywords together, most of which mean something. */
final class RandomSchemas {
    private static final List<String> PATTERNS = List.of(
            "^[a-c]{1,3}$",
            "b",
            "^(x|yz)*$",
            "^\\d{2}(-\\d)?$",
            "é+",
            "^[^a]",
            "a$",
            "^(?!a).*$",
            "^a|c$",
            "\"",
            "\\s",
            "^.{2,4}$");
    private static final List<String> NAMES = List.of("a", "b", "ab", "é", "x y", "a-b", "\"q\"");

    private final Random random;
    private List<String> targets = List.of();

    RandomSchemas(Random random) {
        this.random = random;
    }

    ObjectNode next() {
        targets = List.of("#/$defs/one", "#/$defs/öne");
        var root = schema(0);
        var shared = root.putObject("$defs");
        // No circles: the validator follows them for ever.
        targets = List.of("#/$defs/öne");
        shared.set("one", schema(2));
        targets = List.of();
        shared.set("öne", schema(2));
        return root;
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    private ObjectNode schema(int depth) {
        var node = JsonNodeFactory.instance.objectNode();
        int kinds = depth < 3 ? 9 : 5;
        switch (random.nextInt(kinds)) {
            case 0 -> numbers(node.put("type", "integer"), BigDecimal.ONE);
            case 1 -> numbers(node.put("type", "number"), new BigDecimal("0.25"));
            case 2 -> strings(node.put("type", "string"));
            case 3 -> node.put("type", once(2) ? "boolean" : "null");
            case 4 -> values(node.putArray("enum"));
            case 5 -> lists(node.put("type", "array"), depth);
            default -> objects(node.put("type", "object"), depth);
        }
        if (once(8)) {
            node.putArray("type").add("string").add("null").add("number");
            numbers(node, BigDecimal.ONE);
            strings(node);
        }
        if (depth < 3) {
            combine(node, depth);
        }
        return node;
    }

    private void combine(ObjectNode node, int depth) {
        if (once(9) && !targets.isEmpty()) {
            node.put("$ref", targets.get(random.nextInt(targets.size())));
        }
        if (once(7)) {
            some(node.putArray("anyOf"), depth);
        }
        if (once(12)) {
            some(node.putArray("oneOf"), depth);
        }
        if (once(9)) {
            some(node.putArray("allOf"), depth);
        }
        if (once(14)) {
            node.set("not", schema(3));
        }
        if (once(14)) {
            node.set("if", schema(3));
            node.set("then", schema(3));
            node.set("else", schema(3));
        }
    }

    /** Mostly of the same type as the schema around them, or nothing could satisfy both. */
    private void some(ArrayNode list, int depth) {
        for (int i = 0; i <= random.nextInt(2) + 1; i++) {
            var schema = schema(depth + 1);
            if (!once(3)) {
                schema.remove("type");
            }
            list.add(schema);
        }
    }

    private BigDecimal number(BigDecimal unit) {
        return BigDecimal.valueOf(random.nextInt(-30, 60)).multiply(unit).stripTrailingZeros();
    }

    private void numbers(ObjectNode node, BigDecimal unit) {
        for (var keyword : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            if (once(4)) {
                var bound = number(unit);
                node.put(keyword, keyword.contains("ax") ? bound.add(BigDecimal.valueOf(20)) : bound);
            }
        }
        if (once(6)) {
            node.put(
                    "multipleOf",
                    List.of(BigDecimal.ONE, new BigDecimal("0.5"), new BigDecimal("0.01"), BigDecimal.valueOf(3))
                            .get(random.nextInt(4)));
        }
        if (once(9)) {
            node.putArray("enum").add(1).add(2).add(7.5).add(-4).add(20);
        }
    }

    private void strings(ObjectNode node) {
        if (once(3)) {
            node.put("minLength", random.nextInt(3));
        }
        if (once(3)) {
            node.put("maxLength", 2 + random.nextInt(4));
        }
        if (once(3)) {
            node.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
        }
        if (once(12)) {
            node.put("format", "date");
        }
    }

    private void values(ArrayNode values) {
        values.add("a").add("ab\"").add(3).add(2.5).addNull().add(true);
        values.addArray().add(1);
        values.addObject().put("a", 1);
    }

    private void lists(ObjectNode node, int depth) {
        if (!once(4)) {
            node.set("items", once(12) ? node.booleanNode(once(2)) : schema(depth + 1));
        }
        if (once(4)) {
            some(node.putArray("prefixItems"), depth);
        }
        if (once(3)) {
            node.put("minItems", random.nextInt(3));
        }
        if (once(3)) {
            node.put("maxItems", 1 + random.nextInt(3));
        }
    }

    private void objects(ObjectNode node, int depth) {
        if (!once(5)) {
            var properties = node.putObject("properties");
            for (int i = 0; i <= random.nextInt(3); i++) {
                properties.set(name(), once(15) ? (JsonNode) node.booleanNode(once(2)) : schema(depth + 1));
            }
        }
        if (once(2)) {
            node.putArray("required").add(name());
        }
        if (once(3)) {
            node.set("additionalProperties", once(2) ? node.booleanNode(once(2)) : schema(depth + 1));
        }
        if (once(8)) {
            node.put("minProperties", 1 + random.nextInt(2));
        }
        if (once(8)) {
            node.put("maxProperties", 1 + random.nextInt(2));
        }
        if (once(9)) {
            node.putObject("propertyNames").put("maxLength", 2);
        }
        if (once(12)) {
            node.putObject("patternProperties").set("^x", schema(3));
        }
        if (once(12)) {
            node.putObject("dependentRequired").putArray(name()).add(name());
        }
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }
}
