// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Looks at each schema of a document by itself, whether it is used or not: what is wrong in it alone, and unknown to grammars. */
final class SchemaCheck {
    private static final List<String> SCHEMAS =
            List.of("items", "additionalProperties", "propertyNames", "not", "if", "then", "else", "additionalItems");
    private static final List<String> SCHEMAS_BY_NAME =
            List.of("properties", "$defs", "definitions", "patternProperties", "dependentSchemas");
    private static final List<String> SCHEMAS_IN_ORDER = List.of("prefixItems", "items", "anyOf", "oneOf", "allOf");

    private final SchemaContext context;
    private final KeywordReader keywords;

    private SchemaCheck(SchemaContext context) {
        this.context = context;
        this.keywords = new KeywordReader(context);
    }

    /** Fails with {@link dev.puna.failure.InvalidRequest}, which names the keyword and its place. */
    static void check(SchemaContext context) {
        var root = context.document().root();
        if (!root.isObject()) {
            throw context.refusal(root, "schema must be an object");
        }
        new SchemaCheck(context).check(root);
    }

    private void check(JsonNode schema) {
        if (!(schema instanceof ObjectNode node)) {
            return;
        }
        unsupported(node);
        keywords.read(node, new Branch());
        if (node.has("$ref")) {
            if (!node.get("$ref").isTextual()) {
                throw context.refusal(node, "$ref must be a string");
            }
            context.document().target(node);
        }
        SCHEMAS.forEach(keyword -> check(node.path(keyword)));
        SCHEMAS_BY_NAME.forEach(keyword -> node.path(keyword).properties().forEach(entry -> check(entry.getValue())));
        for (var keyword : SCHEMAS_IN_ORDER) {
            if (node.path(keyword).isArray()) {
                node.get(keyword).forEach(this::check);
            }
        }
    }

    private void unsupported(ObjectNode node) {
        for (var keyword : List.of("$dynamicRef", "$recursiveRef")) {
            if (node.has(keyword)) {
                context.unsupported(node, keyword, "");
            }
        }
        boolean contains = node.has("contains")
                && (node.has("maxContains") || node.path("minContains").asInt(1) > 0);
        if (contains) {
            context.unsupported(node, "contains", "");
        }
        if (node.path("dependencies").isObject() || !node.has("dependencies")) {
            return;
        }
        throw context.refusal(node, "dependencies must be an object");
    }
}
