// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.schema.gbnf.Gbnf;
import dev.puna.schema.gbnf.NumberRange;
import dev.puna.schema.gbnf.Rules;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes numbers: whole or not, between bounds, multiples of a step. Those with bounds or steps are written without exponent. */
final class NumberRules {
    private static final int MOST_LISTED = 1_000;
    private static final int LARGEST_STEP = 200;

    private final SchemaContext context;
    private final Rules rules;

    NumberRules(SchemaContext context, Rules rules) {
        this.context = context;
        this.rules = rules;
    }

    /**
     * The right side of a rule; empty if there is no such number.
     *
     * @param place for what is refused
     */
    Optional<String> write(Branch branch, JsonNode place) {
        var step = step(branch);
        if (step == null && !branch.whole) {
            return branch.least == null && branch.most == null
                    ? Optional.of(rules.shared("number"))
                    : some(new NumberRange(branch.least, branch.aboveLeast, branch.most, branch.belowMost).rule());
        }
        var unit = step == null ? BigDecimal.ONE : step;
        var low = branch.least == null ? null : inside(branch.least, branch.aboveLeast, unit, RoundingMode.CEILING);
        var high = branch.most == null ? null : inside(branch.most, branch.belowMost, unit, RoundingMode.FLOOR);
        if (low != null && high != null && low.compareTo(high) > 0) {
            context.contradiction("no number lies between its \"minimum\" and \"maximum\"");
            return Optional.empty();
        }
        int places = Math.max(0, unit.stripTrailingZeros().scale());
        boolean powerOfTen = unit.unscaledValue().equals(BigInteger.ONE) && unit.scale() >= 0;
        if (powerOfTen) {
            return some(places == 0 ? whole(low, high) : new NumberRange(low, false, high, false, places).rule());
        }
        return multiples(unit, low, high, place, branch);
    }

    private static Optional<String> some(String rule) {
        return rule.isEmpty() ? Optional.empty() : Optional.of(rule);
    }

    /** The least common multiple of all steps, and of 1 if only whole numbers are wanted; null for none. */
    private static @Nullable BigDecimal step(Branch branch) {
        if (branch.multiplesOf.isEmpty()) {
            return null;
        }
        var all = new ArrayList<>(branch.multiplesOf);
        if (branch.whole) {
            all.add(BigDecimal.ONE);
        }
        int scale = all.stream()
                .mapToInt(each -> Math.max(0, each.stripTrailingZeros().scale()))
                .max()
                .orElse(0);
        var common = BigInteger.ONE;
        for (var each : all) {
            var scaled = each.movePointRight(scale).toBigIntegerExact();
            common = common.divide(common.gcd(scaled)).multiply(scaled);
        }
        var step = new BigDecimal(common, scale).stripTrailingZeros();
        return step.scale() < 0 ? step.setScale(0) : step;
    }

    /** The multiple of a step that is nearest to a bound and not beyond it. */
    private static BigDecimal inside(BigDecimal bound, boolean excluded, BigDecimal step, RoundingMode mode) {
        var count = bound.divide(step, 0, mode);
        var multiple = count.multiply(step);
        boolean itself = multiple.compareTo(bound) == 0;
        var by = mode == RoundingMode.CEILING ? step : step.negate();
        return itself && excluded ? multiple.add(by) : multiple;
    }

    private String whole(@Nullable BigDecimal low, @Nullable BigDecimal high) {
        if (low == null && high == null) {
            return rules.shared("integer");
        }
        var choices = new ArrayList<String>();
        if (high == null || high.signum() >= 0) {
            var from = low == null || low.signum() < 0 ? BigDecimal.ZERO : low;
            choices.add(from(from, high));
        }
        if (low == null || low.signum() < 0) {
            var from = high == null || high.signum() >= 0 ? BigDecimal.ONE : high.negate();
            choices.add("\"-\" " + from(from, low == null ? null : low.negate()));
        }
        return String.join(" | ", choices);
    }

    private static String from(BigDecimal low, @Nullable BigDecimal high) {
        return high == null ? NumberRange.Integers.from(low) : NumberRange.Integers.between(low, high);
    }

    private Optional<String> multiples(
            BigDecimal step, @Nullable BigDecimal low, @Nullable BigDecimal high, JsonNode place, Branch branch) {
        if (low != null
                && high != null
                && high.subtract(low).divide(step, 0, RoundingMode.FLOOR).compareTo(BigDecimal.valueOf(MOST_LISTED))
                        < 0) {
            var listed = new ArrayList<String>();
            for (var number = low; number.compareTo(high) <= 0; number = number.add(step)) {
                listed.add(Gbnf.literal(number.stripTrailingZeros().toPlainString()));
            }
            return Optional.of(String.join(" | ", listed));
        }
        boolean fromZero = low != null && low.signum() == 0;
        if ((low == null || fromZero)
                && high == null
                && step.unscaledValue().compareTo(BigInteger.valueOf(LARGEST_STEP)) <= 0) {
            return Optional.of((fromZero ? "" : "\"-\"? ") + divisible(step));
        }
        context.unsupported(place, "multipleOf", " with steps of " + step.toPlainString() + " between these bounds");
        return Optional.of(new NumberRange(branch.least, branch.aboveLeast, branch.most, branch.belowMost).rule());
    }

    /** Not negative: reads digit by digit what remains after division by the step, in units of its last digit. */
    private String divisible(BigDecimal step) {
        int divisor = step.unscaledValue().intValueExact();
        int places = step.scale();
        int scale = BigInteger.TEN
                .modPow(BigInteger.valueOf(places), BigInteger.valueOf(divisor))
                .intValue();
        var fractions = fractions(divisor, places);
        var whole = new ArrayList<String>();
        for (int i = 0; i < divisor; i++) {
            whole.add(rules.reserve("m"));
        }
        for (int rest = 0; rest < divisor; rest++) {
            var after = new ArrayList<String>();
            for (int digit = 0; digit <= 9; digit++) {
                after.add("[" + digit + "] " + whole.get((rest * 10 + digit) % divisor));
            }
            // The remainder so far is of the whole part; a fraction begins with it in units of the last place.
            int scaled = rest * scale % divisor;
            if (scaled == 0) {
                after.add("\"\"");
            }
            fractions.get(scaled).ifPresent(rule -> after.add("\".\" " + rule));
            rules.set(whole.get(rest), String.join(" | ", after));
        }
        var first = new ArrayList<String>();
        first.add("[0]"
                + fractions.getFirst().map(rule -> " (\".\" " + rule + ")?").orElse(""));
        for (int digit = 1; digit <= 9; digit++) {
            first.add("[" + digit + "] " + whole.get(digit % divisor));
        }
        return "(" + String.join(" | ", first) + ")";
    }

    /** For each remainder the rule of the digits behind the point that bring it to nothing; empty where none do. */
    private List<Optional<String>> fractions(int divisor, int places) {
        var next = new ArrayList<Optional<String>>(Collections.nCopies(divisor, Optional.empty()));
        for (int place = places - 1; place >= 0; place--) {
            int weight = BigInteger.TEN
                    .pow(places - place - 1)
                    .mod(BigInteger.valueOf(divisor))
                    .intValue();
            var here = new ArrayList<Optional<String>>();
            for (int rest = 0; rest < divisor; rest++) {
                var digits = new ArrayList<String>();
                for (int digit = 0; digit <= 9; digit++) {
                    int after = (rest + digit * weight) % divisor;
                    var more = next.get(after);
                    if (after == 0) {
                        digits.add("[" + digit + "]"
                                + more.map(rule -> " (" + rule + ")?").orElse(""));
                    } else if (more.isPresent()) {
                        digits.add("[" + digit + "] " + more.get());
                    }
                }
                here.add(
                        digits.isEmpty()
                                ? Optional.empty()
                                : Optional.of(rules.define("f", String.join(" | ", digits))));
            }
            next = here;
        }
        return next;
    }
}
