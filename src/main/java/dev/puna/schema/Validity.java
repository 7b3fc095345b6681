// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a value that a schema names satisfies what else it says. */
public final class Validity {
    private static final int CHEAP = 64;
    /** Steps of a comparison with arguments: milliseconds, since an answer waits for it. */
    private static final long MOST_WORK = 5_000;

    private final Expansion expansion;
    private final SchemaContext context;

    /** What is named in lists that have been looked at; the lists are never changed. */
    private final IdentityHashMap<List<JsonNode>, Set<Object>> named = new IdentityHashMap<>();

    Validity(Expansion expansion) {
        this.expansion = expansion;
        this.context = expansion.context();
    }

    /**
     * Whether arguments of a call satisfy the schema of a tool's parameters. What cannot be told within bounds they satisfy: their
     * owner checks them anyhow.
     */
    public static boolean ofArguments(JsonNode parameters, JsonNode arguments) {
        if (!parameters.isObject() || parameters.isEmpty()) {
            return true;
        }
        try {
            var said = NullKeywords.without(parameters);
            var schema = new SchemaContext(new SchemaDocument(said, "#"), Strictness.LOOSENING, MOST_WORK);
            SchemaCheck.check(schema);
            return new Validity(new Expansion(schema)).allows(List.of(said), arguments);
        } catch (InvalidRequest cannotBeTold) {
            return true;
        }
    }

    boolean allows(List<JsonNode> schemas, JsonNode value) {
        return schemas.isEmpty() || expansion.of(schemas).stream().anyMatch(branch -> allows(branch, value));
    }

    boolean allows(Branch branch, JsonNode value) {
        var values = branch.values;
        return (values == null || isNamed(values, value)) && allowsBesideValues(branch, value);
    }

    private boolean isNamed(List<JsonNode> values, JsonNode value) {
        return named.computeIfAbsent(
                        values, list -> list.stream().map(JsonEquality::key).collect(Collectors.toSet()))
                .contains(JsonEquality.key(value));
    }

    /** By all but the values that the branch names. */
    boolean allowsBesideValues(Branch branch, JsonNode value) {
        context.work(branch.excluded.size() / CHEAP);
        return branch.types.contains(JsonType.of(value))
                && branch.excluded.stream().noneMatch(each -> JsonEquality.same(each, value))
                && switch (JsonType.of(value)) {
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
                && branch.multiplesOf.stream().allMatch(step -> isMultiple(value.stripTrailingZeros(), step));
    }

    /** Without the digits of a power of ten, of which a number may have a billion. */
    private static boolean isMultiple(BigDecimal value, BigDecimal step) {
        long places = (long) step.scale() - value.scale();
        if (value.signum() == 0) {
            return true;
        }
        if (places < 0) {
            return -places <= value.precision() && value.remainder(step).signum() == 0;
        }
        var divisor = step.unscaledValue();
        return BigInteger.TEN
                        .modPow(BigInteger.valueOf(places), divisor)
                        .multiply(value.unscaledValue())
                        .mod(divisor)
                        .signum()
                == 0;
    }

    private boolean string(Branch branch, String value) {
        long length = value.codePointCount(0, value.length());
        return length >= branch.shortest
                && (branch.longest < 0 || length <= branch.longest)
                && branch.conditions.stream().allMatch(condition -> context.matches(condition.pattern(), value));
    }

    private boolean array(Branch branch, JsonNode value) {
        if (value.size() < branch.fewestItems || (branch.mostItems >= 0 && value.size() > branch.mostItems)) {
            return false;
        }
        for (int i = 0; i < value.size(); i++) {
            if (!allows(branch.item(i), value.get(i))) {
                return false;
            }
        }
        return !branch.unique
                || value.valueStream().map(JsonEquality::key).distinct().count() == value.size();
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
