// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.guard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.InvalidRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the JSON schemas that cannot be borne, before they become grammars.
 *
 * <p>llama.cpp's grammars recurse along nesting and references, and try every path through alternatives of alternatives and
 * through optional properties; its converter, which some tools go through, writes rules that grow with the square of these. What is
 * merely wrong with a schema is left to {@link dev.puna.schema.SchemaGrammar}, which says it well.
 */
public final class SchemaLimits {
    /** Of the schema and all that it refers to, together; {@link DeepStack} holds ten times as much. */
    private static final long MOST_DEPTH = 4_000;

    private static final int MOST_OPTIONAL_PROPERTIES = 500;
    private static final long MOST_ALTERNATIVES = 10_000;

    private final JsonNode root;
    private final IdentityHashMap<JsonNode, Integer> depths = new IdentityHashMap<>();
    private final Map<String, Long> alternatives = new HashMap<>();
    private final Map<String, JsonNode> references = new HashMap<>();

    private SchemaLimits(JsonNode root) {
        this.root = root;
    }

    /** Fails with {@link InvalidRequest} if the schema is beyond the limits. */
    public static void check(JsonNode schema) {
        var limits = new SchemaLimits(schema);
        long depth = limits.measure(schema);
        limits.references.keySet().forEach(limits::refuseCircle);
        for (var target : limits.references.values()) {
            depth += limits.depths.getOrDefault(target, 1);
        }
        if (depth > MOST_DEPTH) {
            throw refusal("it is nested too deeply");
        }
        for (var node : limits.depths.keySet()) {
            limits.refuseManyAlternatives(node);
            limits.refuseManyProperties(node);
        }
    }

    /** How deep a node is nested; on the way, remembers that of all below it, and what they refer to. */
    private int measure(JsonNode node) {
        if (!node.isContainerNode()) {
            return 1;
        }
        int deepest = 0;
        for (var child : node) {
            deepest = Math.max(deepest, measure(child));
        }
        depths.put(node, deepest + 1);
        remember(node.path("$ref"));
        return deepest + 1;
    }

    private void remember(JsonNode reference) {
        if (reference.isTextual()) {
            var target = resolve(reference.asText());
            if (target != null) {
                references.put(reference.asText(), target);
            }
        }
    }

    /** As the converter does it: names between slashes, nothing escaped. */
    private @Nullable JsonNode resolve(String reference) {
        if (!reference.startsWith("#/")) {
            return null;
        }
        var target = root;
        for (var name : reference.substring(2).split("/", -1)) {
            target = target.isArray() && name.matches("\\d{1,9}")
                    ? target.get(Integer.parseInt(name))
                    : target.get(name);
            if (target == null) {
                return null;
            }
        }
        return target;
    }

    private void refuseCircle(String reference) {
        var target = references.get(reference);
        for (int hops = 0; target != null && target.path("$ref").isTextual(); hops++) {
            if (hops > references.size()) {
                throw refusal(reference + " refers to nothing but itself");
            }
            target = references.get(target.path("$ref").asText());
        }
    }

    private void refuseManyAlternatives(JsonNode node) {
        if (alternatives(node) > MOST_ALTERNATIVES) {
            throw refusal("it has more than " + MOST_ALTERNATIVES + " alternatives in one place");
        }
    }

    private void refuseManyProperties(JsonNode node) {
        int merged = 0;
        for (var part : node.path("allOf")) {
            merged += properties(part) + sum(part.path("anyOf"));
        }
        if (Math.max(merged, optionalProperties(node)) > MOST_OPTIONAL_PROPERTIES) {
            throw refusal("an object has more than " + MOST_OPTIONAL_PROPERTIES + " optional properties");
        }
    }

    private int sum(JsonNode parts) {
        int sum = 0;
        for (var part : parts) {
            sum += properties(part);
        }
        return sum;
    }

    private int properties(JsonNode part) {
        var target = part;
        while (target != null && target.path("$ref").isTextual()) {
            target = references.get(target.path("$ref").asText());
        }
        return target == null ? 0 : target.path("properties").size();
    }

    private static int optionalProperties(JsonNode node) {
        var names = new HashSet<String>();
        node.path("properties").fieldNames().forEachRemaining(names::add);
        node.path("required").forEach(name -> names.remove(name.asText()));
        return names.size();
    }

    /** How many ways there are into a value: each alternative of each alternative, and of what they refer to. */
    private long alternatives(JsonNode node) {
        if (node.path("$ref").isTextual()) {
            return alternatives(node.path("$ref").asText());
        }
        long sum = node.path("enum").size();
        for (var keyword : new String[] {"anyOf", "oneOf"}) {
            for (var alternative : node.path(keyword)) {
                sum = Math.min(MOST_ALTERNATIVES + 1, sum + alternatives(alternative));
            }
        }
        return Math.max(1, sum);
    }

    private long alternatives(String reference) {
        var known = alternatives.get(reference);
        if (known != null) {
            return known;
        }
        var target = references.get(reference);
        // A reference back to where we come from adds no new way.
        alternatives.put(reference, 1L);
        long count = target == null ? 1 : alternatives(target);
        alternatives.put(reference, count);
        return count;
    }

    private static InvalidRequest refusal(String reason) {
        return new InvalidRequest("invalid JSON schema: " + reason);
    }
}
