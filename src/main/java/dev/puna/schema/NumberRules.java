// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
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
        var whole = new ArrayList<String>();
        var fractions = new ArrayList<List<String>>();
        for (int i = 0; i < divisor; i++) {
            whole.add(rules.reserve("m"));
        }
        for (int place = 0; place <= places; place++) {
            var row = new ArrayList<String>();
            for (int i = 0; i < divisor; i++) {
                row.add(rules.reserve("f"));
            }
            fractions.add(row);
        }
        for (int rest = 0; rest < divisor; rest++) {
            var after = new ArrayList<String>();
            for (int digit = 0; digit <= 9; digit++) {
                after.add("[" + digit + "] " + whole.get((rest * 10 + digit) % divisor));
            }
            // The remainder so far is of the whole part; a fraction begins with it in units of the last place.
            int scaled = rest * scale % divisor;
            after.add(scaled == 0 ? "\"\"" : "");
            if (places > 0) {
                after.add("\".\" " + fractions.getFirst().get(scaled));
            }
            after.removeIf(String::isEmpty);
            rules.set(whole.get(rest), String.join(" | ", after));
            for (int place = 0; place <= places; place++) {
                rules.set(fractions.get(place).get(rest), fraction(rest, place, places, divisor, fractions));
            }
        }
        var first = new ArrayList<String>(
                List.of("[0]" + (places > 0 ? " (\".\" " + fractions.getFirst().getFirst() + ")?" : "")));
        for (int digit = 1; digit <= 9; digit++) {
            first.add("[" + digit + "] " + whole.get(digit % divisor));
        }
        return "(" + String.join(" | ", first) + ")";
    }

    private static String fraction(int rest, int place, int places, int divisor, List<List<String>> fractions) {
        var after = new ArrayList<String>();
        if (place > 0 && rest == 0) {
            after.add("\"\"");
        }
        if (place < places) {
            int weight = BigInteger.TEN
                    .pow(places - place - 1)
                    .mod(BigInteger.valueOf(divisor))
                    .intValue();
            for (int digit = 0; digit <= 9; digit++) {
                after.add("[" + digit + "] " + fractions.get(place + 1).get((rest + digit * weight) % divisor));
            }
        }
        // Where nothing may follow, the last of the digits is one that cannot come.
        return after.isEmpty() ? "[\\x00]" : String.join(" | ", after);
    }
}
