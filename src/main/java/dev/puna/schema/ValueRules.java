// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.schema.gbnf.Gbnf;
import dev.puna.schema.gbnf.Rules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes values: what schemas that must all hold together let through. */
final class ValueRules {
    /** How many characters of rules are one step of work: all that a grammar may have are less than half of what is allowed. */
    private static final int CHARACTERS_A_STEP = 80;

    private final SchemaContext context;
    private final Expansion expansion;
    private final Rules rules;
    private final StringRules strings;
    private final NumberRules numbers;
    private final ArrayRules arrays;
    private final ObjectRules objects;
    private final Productivity productivity;
    private final Map<Together, String> written = new HashMap<>();
    private final Map<Branch, Map<JsonType, Optional<String>>> scalars = new HashMap<>();

    ValueRules(SchemaContext context, Rules rules) {
        this.context = context;
        this.expansion = new Expansion(context);
        this.rules = rules;
        this.strings = new StringRules(context, rules);
        this.numbers = new NumberRules(context, rules);
        this.productivity = new Productivity(
                expansion, (branch, type, place) -> scalar(type, branch, place).isPresent());
        this.arrays = new ArrayRules(context, rules, this);
        this.objects = new ObjectRules(context, rules, this);
    }

    Expansion expansion() {
        return expansion;
    }

    /** Whether some finite value satisfies all of the schemas. */
    boolean possible(List<JsonNode> schemas) {
        return productivity.of(schemas);
    }

    /** The types of the values that satisfy a branch of schemas. */
    Set<JsonType> types(Branch branch, List<JsonNode> schemas) {
        var types = EnumSet.noneOf(JsonType.class);
        var values = branch.values;
        if (values != null) {
            values.forEach(value -> types.add(JsonType.of(value)));
        } else {
            types.addAll(branch.types);
            types.retainAll(branch.writtenTypes());
            types.removeIf(type -> !productivity.of(branch, type, schemas.getFirst()));
        }
        return types;
    }

    /** The name of the rule of values that satisfy all of the schemas; refuses schemas that none satisfies. */
    String rule(List<JsonNode> schemas, String hint) {
        var key = Together.of(schemas);
        if (key.schemas().isEmpty()) {
            return rules.shared("value");
        }
        var known = written.get(key);
        if (known != null) {
            return known;
        }
        var name = rules.reserve(hint);
        written.put(key, name);
        var alternatives = new LinkedHashSet<String>();
        for (var branch : expansion.of(key.schemas())) {
            alternatives.addAll(alternatives(branch, key.schemas().getFirst(), hint));
        }
        if (alternatives.isEmpty()) {
            throw context.nothing(key.schemas().getFirst());
        }
        rules.set(name, String.join(" | ", alternatives));
        return name;
    }

    private Set<String> alternatives(Branch branch, JsonNode place, String hint) {
        var all = new LinkedHashSet<String>();
        var values = branch.values;
        if (values != null) {
            values.forEach(value -> all.add(Gbnf.literal(value.toString())));
            return all;
        }
        for (var type : branch.types) {
            if (!branch.writtenTypes().contains(type)) {
                continue;
            }
            if (productivity.of(branch, type, place)) {
                alternative(type, branch, place, hint).ifPresent(all::add);
            } else {
                productivity.reason(branch, type).ifPresent(context::contradiction);
            }
        }
        return all;
    }

    private Optional<String> alternative(JsonType type, Branch branch, JsonNode place, String hint) {
        return switch (type) {
            case NULL, BOOLEAN, NUMBER, STRING -> scalar(type, branch, place);
            case ARRAY -> {
                refuseExcluded(branch, type, place);
                yield arrays.write(branch, place, hint);
            }
            case OBJECT -> {
                refuseExcluded(branch, type, place);
                yield objects.write(branch, place, hint);
            }
        };
    }

    /** What holds no other values; the same when it is asked for again. */
    private Optional<String> scalar(JsonType type, Branch branch, JsonNode place) {
        var known = scalars.computeIfAbsent(branch, _ -> new EnumMap<>(JsonType.class));
        var before = known.get(type);
        if (before != null) {
            return before;
        }
        Optional<String> rule =
                switch (type) {
                    case NUMBER -> numbers.write(branch, place);
                    case STRING -> strings.write(branch, StringRules.texts(branch.excluded), place);
                    case BOOLEAN -> truth(branch);
                    default -> excludes(branch, type) ? Optional.empty() : Optional.of(rules.shared("null"));
                };
        context.work(rule.orElse("").length() / CHARACTERS_A_STEP);
        known.put(type, rule);
        return rule;
    }

    private static boolean excludes(Branch branch, JsonType type) {
        return branch.excluded.stream().anyMatch(value -> JsonType.of(value) == type);
    }

    private void refuseExcluded(Branch branch, JsonType type, JsonNode place) {
        if (excludes(branch, type)) {
            context.unsupported(place, "not", " with a list or an object as the value");
        }
    }

    private Optional<String> truth(Branch branch) {
        var left = new ArrayList<>(List.of("true", "false"));
        branch.excluded.stream().filter(JsonNode::isBoolean).forEach(value -> left.remove(value.toString()));
        return switch (left.size()) {
            case 2 -> Optional.of(rules.shared("boolean"));
            case 1 -> Optional.of(Gbnf.literal(left.getFirst()));
            default -> Optional.empty();
        };
    }
}
