// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Keywords whose value is null. Programs that write all fields of a class, whether they are set or not, send {@code "enum": null} or
 * {@code "minLength": null}: it says nothing, so it is taken for absent.
 */
final class NullKeywords {
    private static final Set<String> ANY_VALUE = Set.of("const", "default", "enum", "example", "examples");
    private static final Set<String> BY_NAME =
            Set.of("properties", "$defs", "definitions", "patternProperties", "dependentSchemas", "dependencies");

    private NullKeywords() {}

    /** The same schema without them: itself if there are none. */
    static JsonNode without(JsonNode schema) {
        if (!anyIn(schema)) {
            return schema;
        }
        var copy = schema.deepCopy();
        drop(copy);
        return copy;
    }

    private static boolean anyIn(JsonNode node) {
        for (var child : node) {
            if (child.isNull() || anyIn(child)) {
                return true;
            }
        }
        return false;
    }

    private static void drop(JsonNode schema) {
        if (schema instanceof ObjectNode node) {
            node.properties()
                    .removeIf(entry ->
                            entry.getValue().isNull() && !entry.getKey().equals("const"));
            for (var entry : node.properties()) {
                if (BY_NAME.contains(entry.getKey())) {
                    entry.getValue().forEach(NullKeywords::drop);
                } else if (!ANY_VALUE.contains(entry.getKey())) {
                    drop(entry.getValue());
                }
            }
        } else if (schema.isArray()) {
            schema.forEach(NullKeywords::drop);
        }
    }
}
