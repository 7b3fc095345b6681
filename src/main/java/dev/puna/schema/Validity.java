// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;

/** Whether a value that a schema names satisfies what else it says. */
final class Validity {
    private final Expansion expansion;

    Validity(Expansion expansion) {
        this.expansion = expansion;
    }

    boolean allows(List<JsonNode> schemas, JsonNode value) {
        return schemas.isEmpty() || expansion.of(schemas).stream().anyMatch(branch -> allows(branch, value));
    }

    boolean allows(Branch branch, JsonNode value) {
        var values = branch.values;
        return branch.types.contains(ValueType.of(value))
                && (values == null || values.stream().anyMatch(each -> JsonEquality.same(each, value)))
                && branch.excluded.stream().noneMatch(each -> JsonEquality.same(each, value))
                && switch (ValueType.of(value)) {
                    case NUMBER -> number(branch, value.decimalValue());
                    case STRING -> string(branch, value.asText());
                    case ARRAY -> array(branch, value);
                    case OBJECT -> object(branch, value);
                    case BOOLEAN, NULL -> true;
                };
    }

    private static boolean number(Branch branch, BigDecimal value) {
        int low = branch.least == null ? 1 : value.compareTo(branch.least);
        int high = branch.most == null ? -1 : value.compareTo(branch.most);
        return (low > 0 || (low == 0 && !branch.aboveLeast))
                && (high < 0 || (high == 0 && !branch.belowMost))
                && (!branch.whole || value.stripTrailingZeros().scale() <= 0)
                && branch.multiplesOf.stream()
                        .allMatch(step -> value.remainder(step).signum() == 0);
    }

    private static boolean string(Branch branch, String value) {
        long length = value.codePointCount(0, value.length());
        return length >= branch.shortest
                && (branch.longest < 0 || length <= branch.longest)
                && branch.conditions.stream()
                        .allMatch(condition -> condition.pattern().matches(value));
    }

    private boolean array(Branch branch, JsonNode value) {
        if (value.size() < branch.fewestItems || (branch.mostItems >= 0 && value.size() > branch.mostItems)) {
            return false;
        }
        for (int i = 0; i < value.size(); i++) {
            if (!allows(branch.item(i), value.get(i)) || (branch.unique && repeats(value, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean repeats(JsonNode list, int index) {
        for (int i = 0; i < index; i++) {
            if (JsonEquality.same(list.get(i), list.get(index))) {
                return true;
            }
        }
        return false;
    }

    private boolean object(Branch branch, JsonNode value) {
        return value.size() >= branch.fewestProperties
                && (branch.mostProperties < 0 || value.size() <= branch.mostProperties)
                && branch.required.stream().allMatch(value::has)
                && branch.forbidden.stream().noneMatch(value::has)
                && value.properties().stream()
                        .allMatch(entry -> allows(branch.names, TextNode.valueOf(entry.getKey()))
                                && allows(branch.property(entry.getKey()), entry.getValue()));
    }
}
