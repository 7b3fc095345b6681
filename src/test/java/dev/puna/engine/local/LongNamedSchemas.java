// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Schemas as programs have them: names of several words, constants, enumerations, objects within each other, envelopes of calls. */
final class LongNamedSchemas {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEEPEST = 2;
    private static final List<String> WORDS = List.of(
            "temperature",
            "customer",
            "address",
            "id",
            "total",
            "shipping",
            "is",
            "valid",
            "of",
            "country",
            "größe",
            "x",
            "v2",
            "description",
            "average",
            "degrees",
            "the",
            "page",
            "number",
            "url");

    private final Random random;

    LongNamedSchemas(long seed) {
        this.random = new Random(seed);
    }

    String next() {
        return (random.nextInt(4) == 0 ? call() : object(0)).toString();
    }

    /** As formats of calls have it: a constant name, then arguments. */
    private ObjectNode call() {
        var call = emptyObject();
        property(call, "name").put("const", name("_"));
        ((ObjectNode) call.get("properties")).set("arguments", object(1));
        call.putArray("required").add("name").add("arguments");
        return call;
    }

    private ObjectNode object(int depth) {
        var schema = emptyObject();
        var required = schema.putArray("required");
        var style = List.of("_", "", "-", " ").get(random.nextInt(4));
        for (var i = 0; i <= random.nextInt(4); i++) {
            var name = name(style) + i;
            fill(property(schema, name), depth + 1);
            if (random.nextInt(4) > 0) {
                required.add(name);
            }
        }
        return schema;
    }

    private void fill(ObjectNode value, int depth) {
        switch (random.nextInt(depth < DEEPEST ? 7 : 5)) {
            case 0 -> value.put("const", name(" "));
            case 1 -> {
                var beginning = name("_");
                value.putArray("enum")
                        .add(beginning + "_first")
                        .add(beginning + "_second")
                        .add(name(" "));
            }
            case 2 -> value.put("type", "boolean");
            case 3 -> value.put("type", "integer").put("minimum", 0).put("maximum", 999);
            case 4 -> value.put("type", "string").put("maxLength", 6);
            case 5 -> value.setAll(object(depth));
            default -> {
                value.put("type", "array").put("minItems", 1).put("maxItems", 2);
                value.set("items", object(depth));
            }
        }
    }

    private static ObjectNode emptyObject() {
        var schema = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        schema.putObject("properties");
        return schema;
    }

    private static ObjectNode property(ObjectNode schema, String name) {
        return ((ObjectNode) schema.get("properties")).putObject(name);
    }

    private String name(String between) {
        return random.ints(1 + random.nextInt(4), 0, WORDS.size())
                .mapToObj(WORDS::get)
                .collect(Collectors.joining(between));
    }
}
