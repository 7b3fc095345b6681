// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Takes schemas apart: schemas that must all hold become the ways in which they can, each a {@link Branch}. What is in
 * properties and elements stays as it is, a list of schemas that must all hold there, so that recursion through them has an end.
 */
final class Expansion {
    private static final int MOST_BRANCHES = 10_000;
    private static final List<String> COMBINING = List.of(
            "$ref", "allOf", "anyOf", "oneOf", "if", "not", "dependentSchemas", "dependentRequired", "dependencies");

    /** What describes properties without being there for them, so that they count as described only at times. */
    private static final List<String> CONDITIONAL = List.of("if", "not", "dependentSchemas", "dependencies");

    private final SchemaContext context;
    private final KeywordReader keywords;
    private final Negation negation;
    private final Contradictions contradictions;
    private final Validity validity;
    private final Apart apart;
    private final Map<Together, List<Branch>> known = new HashMap<>();
    private final Set<Together> underWay = new HashSet<>();

    Expansion(SchemaContext context) {
        this.context = context;
        this.keywords = new KeywordReader(context);
        this.negation = new Negation(context);
        this.contradictions = new Contradictions(context, this);
        this.validity = new Validity(this);
        this.apart = new Apart(context.document());
    }

    /** The ways in which all of the schemas hold; none if they contradict each other. */
    List<Branch> of(List<JsonNode> schemas) {
        var key = Together.of(schemas);
        var before = known.get(key);
        if (before != null) {
            return before;
        }
        if (!underWay.add(key)) {
            throw context.refusal(
                    key.schemas().getFirst(),
                    "which of the values that it names are allowed depends on the schema itself: name none that hold others, or"
                            + " refer to another schema");
        }
        var branches = List.of(new Branch());
        for (var schema : key.schemas()) {
            branches = with(branches, schema, new Way(key.schemas().size() == 1));
        }
        var possible = branches.stream().filter(contradictions::isPossible).toList();
        underWay.remove(key);
        known.put(key, possible);
        return possible;
    }

    SchemaContext context() {
        return context;
    }

    /** Whether some value satisfies all of the schemas, as far as can be seen; what is being looked at is taken to. */
    boolean possible(List<JsonNode> schemas) {
        return underWay.contains(Together.of(schemas)) || !of(schemas).isEmpty();
    }

    /** The schemas on the way to the present one, by references and alternatives, none of which may come twice. */
    private static final class Way {
        private final Set<JsonNode> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
        private final boolean alone;

        Way(boolean alone) {
            this.alone = alone;
        }
    }

    private List<Branch> with(List<Branch> branches, JsonNode schema, Way way) {
        var all = new ArrayList<Branch>();
        for (var branch : branches) {
            all.addAll(with(branch, schema, way));
            if (all.size() > MOST_BRANCHES) {
                throw context.refusal(schema, "it has more than " + MOST_BRANCHES + " alternatives in one place");
            }
        }
        return all;
    }

    private List<Branch> with(Branch branch, JsonNode schema, Way way) {
        context.work(1);
        if (schema.isBoolean()) {
            if (!schema.asBoolean()) {
                context.contradiction(context.document().place(schema) + " is false");
            }
            return schema.asBoolean() ? List.of(branch) : List.of();
        }
        if (!(schema instanceof ObjectNode node)) {
            throw context.refusal(schema, "schema must be an object");
        }
        if (!way.nodes.add(node)) {
            throw context.refusal(
                    node, node.path("$ref").asText(context.document().place(node)) + " refers to nothing but itself");
        }
        var own = branch.copy();
        keywords.read(node, own);
        unevaluated(node, own, way);
        var branches = contradictions.isPlainlyPossible(own) ? List.of(own) : List.<Branch>of();
        branches = combined(branches, node, way);
        if (own.objects.size() > branch.objects.size() && namesOthersFirst(node)) {
            branches.forEach(each -> each.objects.add(each.objects.remove(branch.objects.size())));
        }
        way.nodes.remove(node);
        return branches;
    }

    /** Whether other schemas come before the properties in the text: so do their properties then. */
    private static boolean namesOthersFirst(ObjectNode node) {
        for (var entry : node.properties()) {
            if (entry.getKey().equals("properties")) {
                return false;
            }
            if (COMBINING.contains(entry.getKey())) {
                return true;
            }
        }
        return false;
    }

    private List<Branch> combined(List<Branch> own, ObjectNode node, Way way) {
        var branches = own;
        if (node.has("$ref")) {
            branches = with(branches, context.document().target(node), way);
        }
        for (var keyword : List.of("allOf", "anyOf", "oneOf")) {
            var parts = node.get(keyword);
            if (parts == null) {
                continue;
            }
            if (!parts.isArray() || parts.isEmpty()) {
                throw context.refusal(node, "\"" + keyword + "\" must be a list of schemas that is not empty");
            }
            if (keyword.equals("allOf")) {
                for (var part : parts) {
                    branches = with(branches, part, way);
                }
            } else {
                branches = keyword.equals("oneOf") ? oneOf(branches, node, way) : anyOf(branches, parts, way);
            }
        }
        for (var choice : negation.choices(node)) {
            branches = anyOf(branches, choice, way);
        }
        return branches;
    }

    private List<Branch> anyOf(List<Branch> branches, Iterable<JsonNode> alternatives, Way way) {
        var all = new ArrayList<Branch>();
        for (var alternative : alternatives) {
            all.addAll(with(branches, alternative, way));
            if (all.size() > MOST_BRANCHES) {
                throw context.refusal(alternative, "it has more than " + MOST_BRANCHES + " alternatives in one place");
            }
        }
        return all;
    }

    /** Each alternative, without what another would allow as well. */
    private List<Branch> oneOf(List<Branch> branches, ObjectNode node, Way way) {
        var alternatives = node.get("oneOf");
        if (apart.are(alternatives)) {
            return anyOf(branches, alternatives, way);
        }
        var all = new ArrayList<Branch>();
        for (int i = 0; i < alternatives.size(); i++) {
            for (var branch : with(branches, alternatives.get(i), way)) {
                all.addAll(without(branch, alternatives, i, node, way));
            }
        }
        return all;
    }

    private List<Branch> without(Branch branch, JsonNode alternatives, int own, ObjectNode node, Way way) {
        var rest = List.of(branch);
        for (int i = 0; i < alternatives.size(); i++) {
            if (i == own) {
                continue;
            }
            var left = new ArrayList<Branch>();
            for (var each : rest) {
                if (overlaps(each, alternatives.get(i), way)) {
                    left.addAll(excluding(each, alternatives.get(i), node, way));
                } else {
                    left.add(each);
                }
            }
            rest = left;
        }
        return branch.values == null
                ? rest.stream()
                        .filter(each -> each.values == null || keepsValues(each, alternatives, own))
                        .toList()
                : rest;
    }

    /** The opposite of an alternative may name values, which the others have not been asked about. */
    private boolean keepsValues(Branch branch, JsonNode alternatives, int own) {
        var values = new ArrayList<>(Objects.requireNonNull(branch.values));
        for (int i = 0; i < alternatives.size(); i++) {
            var other = List.of(alternatives.get(i));
            boolean itself = i == own;
            values.removeIf(value -> !itself && validity.allows(other, value));
        }
        branch.values = List.copyOf(values);
        return !values.isEmpty();
    }

    private List<Branch> excluding(Branch branch, JsonNode other, ObjectNode node, Way way) {
        Optional<List<JsonNode>> opposite = negation.of(other);
        if (opposite.isPresent()) {
            return anyOf(List.of(branch), opposite.get(), way);
        }
        context.unsupported(
                node, "oneOf", " where alternatives overlap; \"anyOf\" is, or a property that tells them apart");
        return List.of(branch);
    }

    private boolean overlaps(Branch branch, JsonNode other, Way way) {
        return with(contradictions.asWritten(branch), other, way).stream().anyMatch(contradictions::isPossible);
    }

    /** "unevaluated…: false" closes an object, which one that describes properties is anyhow, unless something opens it. */
    private void unevaluated(ObjectNode node, Branch own, Way way) {
        for (var keyword : List.of("unevaluatedProperties", "unevaluatedItems")) {
            var value = node.get(keyword);
            if (value == null || value.asBoolean(false) || (value.isObject() && value.isEmpty())) {
                continue;
            }
            if (COMBINING.stream().noneMatch(node::has) && way.alone && way.nodes.size() == 1) {
                keywords.close(node, keyword, own);
            } else if (!way.alone
                    || way.nodes.size() > 1
                    || !value.isBoolean()
                    || keyword.equals("unevaluatedItems")
                    || CONDITIONAL.stream()
                            .anyMatch(each -> context.document().root().findValue(each) != null)) {
                context.unsupported(node, keyword, " beside keywords that combine schemas, or inside them");
            } else {
                keywords.closeDescribed(own);
            }
        }
    }
}
