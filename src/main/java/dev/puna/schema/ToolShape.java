// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes what stands in for the parameters of one tool: objects and lists of the same shape, with constants at their leaves. */
final class ToolShape {
    private static final int MOST_ITEMS = 200;

    private final ValueRules rules;
    private final StandIns standIns;
    private final Set<Together> above = new HashSet<>();
    private final Map<JsonType, JsonNode> typed = new EnumMap<>(JsonType.class);

    ToolShape(ValueRules rules, StandIns standIns) {
        this.rules = rules;
        this.standIns = standIns;
    }

    JsonNode of(JsonNode parameters) {
        return of(List.of(parameters), "arguments");
    }

    private JsonNode of(List<JsonNode> schemas, String hint) {
        var key = Together.of(schemas);
        if (key.schemas().isEmpty()) {
            return made();
        }
        var branches = rules.expansion().of(key.schemas());
        var types = EnumSet.noneOf(JsonType.class);
        branches.forEach(branch -> types.addAll(rules.types(branch, key.schemas())));
        if (types.isEmpty()) {
            rules.rule(key.schemas(), hint);
        }
        if (types.size() == 1) {
            return of(types.iterator().next(), branches, schemas, hint);
        }
        var choice = made();
        var alternatives = choice.putArray("anyOf");
        for (var type : types) {
            var alone = new ArrayList<>(schemas);
            alone.add(typed.computeIfAbsent(
                    type, each -> made().put("type", each.name().toLowerCase(Locale.ROOT))));
            if (rules.possible(alone)) {
                alternatives.add(of(type, rules.expansion().of(alone), alone, hint));
            }
        }
        return choice;
    }

    private JsonNode of(JsonType type, List<Branch> branches, List<JsonNode> schemas, String hint) {
        return switch (type) {
            case NULL -> made().put("type", "null");
            case BOOLEAN -> truth(schemas);
            case NUMBER -> standIns.number(rules.rule(schemas, hint));
            case STRING -> standIns.text(rules.rule(schemas, hint));
            case ARRAY -> list(branches, schemas, hint);
            case OBJECT -> object(branches, schemas, hint);
        };
    }

    private JsonNode truth(List<JsonNode> schemas) {
        var validity = new Validity(rules.expansion());
        var made = made();
        var values = made.putArray("enum");
        for (boolean truth : new boolean[] {true, false}) {
            if (validity.allows(schemas, BooleanNode.valueOf(truth))) {
                values.add(truth);
            }
        }
        return values.size() == 1 ? made : made().put("type", "boolean");
    }

    private JsonNode list(List<Branch> branches, List<JsonNode> schemas, String hint) {
        var branch = branches.getFirst();
        boolean simple = branches.size() == 1
                && branch.values == null
                && branch.prefix() == 0
                && branch.fewestItems <= MOST_ITEMS
                && branch.mostItems <= MOST_ITEMS
                && branch.mostItems != 0
                && rules.possible(branch.item(0))
                && above.add(Together.of(schemas));
        if (!simple) {
            return standIns.list(rules.rule(schemas, hint));
        }
        var made = made().put("type", "array").put("minItems", branch.fewestItems);
        if (branch.mostItems >= 0) {
            made.put("maxItems", branch.mostItems);
        }
        made.set("items", of(branch.item(0), hint));
        above.remove(Together.of(schemas));
        return made;
    }

    private JsonNode object(List<Branch> branches, List<JsonNode> schemas, String hint) {
        var branch = branches.getFirst();
        boolean outermost = above.isEmpty();
        boolean simple = branches.size() == 1
                && branch.values == null
                && branch.names.isEmpty()
                && branch.fewestProperties <= branch.required.size()
                && branch.mostProperties < 0
                && (!branch.open() || (outermost && !branch.propertyNames().isEmpty()))
                && above.add(Together.of(schemas));
        if (!simple) {
            return standIns.object(rules.rule(schemas, hint));
        }
        var made = made().put("type", "object");
        var properties = made.putObject("properties");
        var required = made.putArray("required");
        for (var name : branch.propertyNames()) {
            if (rules.possible(branch.property(name))) {
                properties.set(name, of(branch.property(name), name));
                if (branch.required.contains(name)) {
                    required.add(name);
                }
            }
        }
        // Beside names that would break its rules, the converter is not told of others.
        boolean harmless = branch.propertyNames().stream().allMatch(name -> name.matches("\\w+"));
        if (branch.open() && harmless && rules.possible(branch.additional())) {
            made.set("additionalProperties", of(branch.additional(), hint));
        }
        above.remove(Together.of(schemas));
        return made;
    }

    private static ObjectNode made() {
        return JsonNodeFactory.instance.objectNode();
    }
}
