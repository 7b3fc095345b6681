// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the branches that no value can satisfy, and takes types out of those that some can. */
final class Contradictions {
    private final SchemaContext context;
    private final Expansion expansion;
    private final Validity validity;

    Contradictions(SchemaContext context, Expansion expansion) {
        this.context = context;
        this.expansion = expansion;
        this.validity = new Validity(expansion);
    }

    /** By types, values and bounds alone, which costs next to nothing; drops the types that are impossible. */
    boolean isPlainlyPossible(Branch branch) {
        if (emptyNumbers(branch)) {
            drop(branch, JsonType.NUMBER, "no number lies between its \"minimum\" and \"maximum\"");
        }
        if (branch.longest >= 0 && branch.shortest > branch.longest) {
            drop(branch, JsonType.STRING, "\"minLength\" is above \"maxLength\"");
        }
        if (branch.mostItems >= 0 && branch.fewestItems > branch.mostItems) {
            drop(branch, JsonType.ARRAY, "\"minItems\" is above \"maxItems\"");
        }
        if (branch.mostProperties >= 0 && branch.fewestProperties > branch.mostProperties) {
            drop(branch, JsonType.OBJECT, "\"minProperties\" is above \"maxProperties\"");
        }
        if (branch.required.stream().anyMatch(branch.forbidden::contains)) {
            drop(branch, JsonType.OBJECT, "a property is required that must not be there");
        }
        var values = branch.values;
        if (values != null && values.stream().noneMatch(value -> branch.types.contains(JsonType.of(value)))) {
            context.contradiction("none of the values of \"enum\" or \"const\" fits the rest");
            return false;
        }
        if (branch.types.isEmpty()) {
            return false;
        }
        if (!branch.typed
                && !branch.mentioned.isEmpty()
                && branch.writtenTypes().stream().noneMatch(branch.types::contains)) {
            return false;
        }
        branch.mentioned.retainAll(branch.types);
        return true;
    }

    private void drop(Branch branch, JsonType type, String reason) {
        if (branch.types.remove(type)) {
            context.contradiction(reason);
        }
    }

    private static boolean emptyNumbers(Branch branch) {
        if (branch.least == null || branch.most == null) {
            return false;
        }
        if (branch.whole) {
            return leastWhole(branch.least, branch.aboveLeast).compareTo(mostWhole(branch.most, branch.belowMost)) > 0;
        }
        int order = branch.least.compareTo(branch.most);
        return order > 0 || (order == 0 && (branch.aboveLeast || branch.belowMost));
    }

    static BigDecimal leastWhole(BigDecimal bound, boolean above) {
        var whole = bound.setScale(0, RoundingMode.CEILING);
        return above && whole.compareTo(bound) == 0 ? whole.add(BigDecimal.ONE) : whole;
    }

    static BigDecimal mostWhole(BigDecimal bound, boolean below) {
        var whole = bound.setScale(0, RoundingMode.FLOOR);
        return below && whole.compareTo(bound) == 0 ? whole.subtract(BigDecimal.ONE) : whole;
    }

    /** By values, required properties and elements as well. */
    boolean isPossible(Branch branch) {
        if (!isPlainlyPossible(branch)) {
            return false;
        }
        var values = branch.values;
        if (values != null) {
            branch.values = values.stream()
                    .filter(value -> validity.allowsBesideValues(branch, value))
                    .toList();
            if (branch.values.isEmpty()) {
                context.contradiction("none of the values of \"enum\" or \"const\" fits the rest");
                return false;
            }
            return true;
        }
        if (branch.types.contains(JsonType.OBJECT)) {
            for (var name : branch.required) {
                if (!expansion.possible(branch.property(name))) {
                    branch.types.remove(JsonType.OBJECT);
                    break;
                }
            }
        }
        for (int i = 0; i < branch.fewestItems && i <= branch.prefix(); i++) {
            if (branch.types.contains(JsonType.ARRAY) && !expansion.possible(branch.item(i))) {
                branch.types.remove(JsonType.ARRAY);
            }
        }
        return isPlainlyPossible(branch);
    }

    /** A branch that says of objects what is written of it: nothing but described properties where it is not open. */
    Branch asWritten(Branch branch) {
        var written = branch.copy();
        if (!branch.typed && branch.values == null) {
            written.types.retainAll(branch.writtenTypes());
            written.typed = true;
        }
        if (!branch.open() && branch.values == null) {
            Map<String, JsonNode> described = new LinkedHashMap<>();
            branch.propertyNames().forEach(name -> described.put(name, BooleanNode.TRUE));
            written.objects.add(new ObjectPart(Optional.of(described), List.of(), Optional.of(BooleanNode.FALSE)));
        }
        return written;
    }
}
