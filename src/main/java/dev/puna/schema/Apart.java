// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells alternatives of which no value can satisfy two, without looking at each pair of them: those that name values, and objects that
 * a required property tells apart. What it does not know may overlap.
 */
final class Apart {
    private static final int MOST_HOPS = 10;

    private final SchemaDocument document;
    private final IdentityHashMap<JsonNode, Boolean> known = new IdentityHashMap<>();

    Apart(SchemaDocument document) {
        this.document = document;
    }

    boolean are(JsonNode alternatives) {
        return known.computeIfAbsent(alternatives, this::find);
    }

    private boolean find(JsonNode alternatives) {
        var all = alternatives.valueStream().map(this::target).toList();
        return all.size() > 1
                && (differ(all)
                        || properties(all.getFirst())
                                .anyMatch(name -> all.stream().allMatch(each -> isObjectWith(each, name))
                                        && differ(all.stream()
                                                .map(each -> target(
                                                        each.get("properties").get(name)))
                                                .toList())));
    }

    private static Stream<String> properties(JsonNode schema) {
        return schema.path("properties").propertyStream().map(entry -> entry.getKey());
    }

    private static boolean isObjectWith(JsonNode schema, String name) {
        return schema.path("type").asText().equals("object")
                && schema.path("properties").has(name)
                && schema.path("required").valueStream().anyMatch(required -> required.asText()
                        .equals(name));
    }

    /** Whether each names values, and none that another names. */
    private static boolean differ(List<JsonNode> schemas) {
        var seen = new HashSet<Object>();
        for (var schema : schemas) {
            var own = values(schema);
            if (own.isEmpty() || own.stream().anyMatch(value -> !seen.add(value))) {
                return false;
            }
        }
        return true;
    }

    private static Set<Object> values(JsonNode schema) {
        var named = schema.has("const")
                ? Stream.of(schema.get("const"))
                : schema.path("enum").valueStream();
        return named.map(JsonEquality::key).collect(Collectors.toSet());
    }

    private JsonNode target(JsonNode schema) {
        var at = schema;
        for (int hops = 0; hops < MOST_HOPS && at.isObject() && at.size() == 1 && at.has("$ref"); hops++) {
            at = document.target((ObjectNode) at);
        }
        return at;
    }
}
