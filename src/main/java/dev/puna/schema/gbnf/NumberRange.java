// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.gbnf;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The decimal numbers between two bounds, in llama.cpp's notation of grammars. Without exponents, and without more digits than a
 * model could mean.
 *
 * @param least null for none
 * @param most null for none
 * @param places the most digits behind the point; with fewer than {@link #FREE} no bound may have more, nor be excluded
 */
public record NumberRange(
        @Nullable BigDecimal least,
        boolean aboveLeast,
        @Nullable BigDecimal most,
        boolean belowMost,
        int places) {
    /** So many digits behind the point mean any number of them. */
    static final int FREE = 15;

    public NumberRange(@Nullable BigDecimal least, boolean aboveLeast, @Nullable BigDecimal most, boolean belowMost) {
        this(least, aboveLeast, most, belowMost, FREE);
    }

    private String anyFraction() {
        return " (\".\" [0-9]{1," + places + "})?";
    }

    /** Digits behind so many others, of which there may be none. */
    private String rest(int used) {
        return places == FREE ? "[0-9]{0," + FREE + "}" : used >= places ? "" : "[0-9]{0," + (places - used) + "}";
    }

    private String zeros(int used) {
        return places == FREE ? "[0]{0,9}" : used >= places ? "" : "[0]{0," + (places - used) + "}";
    }

    /** The right side of a rule; empty if there is no such number. */
    public String rule() {
        var choices = new ArrayList<String>();
        if (most == null || most.signum() >= 0) {
            var low = orZero(least);
            positive(low, least != null && least.signum() >= 0 && aboveLeast, most, belowMost)
                    .forEach(choices::add);
        }
        if (least == null || least.signum() < 0) {
            // Mirrored; zero itself is written without a sign.
            var low = orZero(mirrored(most));
            positive(low, low.signum() == 0 || belowMost, mirrored(least), aboveLeast)
                    .forEach(choice -> choices.add("\"-\" (" + choice + ")"));
        }
        return String.join(" | ", choices);
    }

    private static BigDecimal orZero(@Nullable BigDecimal bound) {
        return bound == null || bound.signum() < 0 ? BigDecimal.ZERO : bound;
    }

    private static @Nullable BigDecimal mirrored(@Nullable BigDecimal bound) {
        return bound == null ? null : bound.negate();
    }

    private List<String> positive(BigDecimal low, boolean above, @Nullable BigDecimal high, boolean below) {
        var whole = low.setScale(0, RoundingMode.FLOOR);
        var digits = fraction(low);
        var choices = new ArrayList<String>();
        if (high == null) {
            atLeast(digits, above).forEach(rest -> choices.add(literal(whole) + rest));
            choices.add(Integers.from(whole.add(BigDecimal.ONE)) + anyFraction());
            return choices;
        }
        var highWhole = high.setScale(0, RoundingMode.FLOOR);
        if (whole.compareTo(highWhole) == 0) {
            between(digits, above, fraction(high), below).forEach(rest -> choices.add(literal(whole) + rest));
        } else if (whole.compareTo(highWhole) < 0) {
            atLeast(digits, above).forEach(rest -> choices.add(literal(whole) + rest));
            var inside = Integers.between(whole.add(BigDecimal.ONE), highWhole.subtract(BigDecimal.ONE));
            if (!inside.isEmpty()) {
                choices.add(inside + anyFraction());
            }
            atMost(fraction(high), below).forEach(rest -> choices.add(literal(highWhole) + rest));
        }
        return choices;
    }

    /** The digits behind the point, without zeros at the end. */
    private static String fraction(BigDecimal bound) {
        var rest = bound.subtract(bound.setScale(0, RoundingMode.FLOOR)).stripTrailingZeros();
        return rest.signum() == 0 ? "" : rest.toPlainString().substring(2);
    }

    private Stream<String> atLeast(String digits, boolean above) {
        if (digits.isEmpty() && !above) {
            return Stream.of(anyFraction());
        }
        return larger(digits, above, 0).stream().map(rest -> " \".\" " + rest);
    }

    private Stream<String> atMost(String digits, boolean below) {
        if (digits.isEmpty()) {
            return below ? Stream.empty() : Stream.of(" (\".\" [0]{1," + Math.min(9, places) + "})?");
        }
        return Stream.concat(Stream.of(""), smaller(digits, below, 0).stream().map(rest -> " \".\" " + rest));
    }

    private Stream<String> between(String low, boolean above, String high, boolean below) {
        int length = Math.max(low.length(), high.length());
        var from = low + "0".repeat(length - low.length());
        var to = high + "0".repeat(length - high.length());
        int same = commonLength(from, to);
        if (same == length) {
            return above || below ? Stream.empty() : Stream.of(length == 0 ? "" : " \".\" " + digits(from));
        }
        if (from.charAt(same) > to.charAt(same)) {
            return Stream.empty();
        }
        var rests = new ArrayList<String>();
        larger(from.substring(same + 1), above, same + 1)
                .forEach(rest -> rests.add(digit(from.charAt(same)) + " " + rest));
        if (to.charAt(same) - from.charAt(same) > 1) {
            rests.add(digits(from.charAt(same) + 1, to.charAt(same) - 1) + " " + rest(same + 1));
        }
        smaller(to.substring(same + 1), below, same + 1)
                .forEach(rest -> rests.add(digit(to.charAt(same)) + " " + rest));
        var inside = rests.stream().map(rest -> " \".\" " + digits(from.substring(0, same)) + rest);
        return low.isEmpty() && !above ? Stream.concat(Stream.of(""), inside) : inside;
    }

    private static int commonLength(String one, String other) {
        int same = 0;
        while (same < one.length() && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same;
    }

    /** Digits that make a larger fraction than the given ones, or the same unless {@code strictly}. */
    private List<String> larger(String digits, boolean strictly, int used) {
        var choices = new ArrayList<String>();
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '9') {
                choices.add(
                        digits(digits.substring(0, i)) + digits(digits.charAt(i) + 1, '9') + " " + rest(used + i + 1));
            }
        }
        int seen = used + digits.length();
        if (!strictly || places == FREE) {
            choices.add(digits(digits) + (strictly ? "[0]{0,9} [1-9] " : "") + rest(seen));
        } else {
            for (int zeros = 0; seen + zeros < places; zeros++) {
                choices.add(digits(digits + "0".repeat(zeros)) + "[1-9] " + rest(seen + zeros + 1));
            }
        }
        return choices;
    }

    /** Digits that make a smaller fraction than the given ones, or the same unless {@code strictly}. */
    private List<String> smaller(String digits, boolean strictly, int used) {
        var choices = new ArrayList<String>();
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) > '0') {
                choices.add(
                        digits(digits.substring(0, i)) + digits('0', digits.charAt(i) - 1) + " " + rest(used + i + 1));
                if (i > 0) {
                    choices.add(digits(digits.substring(0, i)));
                }
            }
        }
        if (!strictly) {
            choices.add(digits(digits) + zeros(used + digits.length()));
        }
        return choices;
    }

    private static String literal(BigDecimal whole) {
        return digits(whole.toPlainString()).strip();
    }

    private static String digits(String digits) {
        return digits.chars().mapToObj(digit -> digit(digit) + " ").collect(Collectors.joining());
    }

    private static String digit(int digit) {
        return digits(digit, digit);
    }

    private static String digits(int from, int to) {
        return from == to ? "[" + (char) from + "]" : "[" + (char) from + "-" + (char) to + "]";
    }

    /** Whole numbers, not negative, without leading zeros. */
    public static final class Integers {
        private Integers() {}

        public static String from(BigDecimal least) {
            int length = least.toPlainString().length();
            var sameLength = between(least, BigDecimal.TEN.pow(length).subtract(BigDecimal.ONE));
            int longest = Math.max(Rules.MOST_DIGITS - 1, length + 1);
            return "(" + sameLength + " | [1-9] [0-9]{" + length + "," + longest + "})";
        }

        public static String between(BigDecimal least, BigDecimal most) {
            var choices = new ArrayList<String>();
            int digits = least.toPlainString().length();
            int last = most.toPlainString().length();
            // Lengths that all numbers of are wanted stand together: a choice of each would be tried for each digit.
            int whole = least.compareTo(first(digits)) == 0 && least.signum() > 0 ? digits : digits + 1;
            int wholeEnd = most.compareTo(last(last)) == 0 ? last : last - 1;
            for (var start = least; start.compareTo(most) <= 0; digits++) {
                if (digits == whole && wholeEnd > whole) {
                    choices.add("[1-9] [0-9]{" + (whole - 1) + "," + (wholeEnd - 1) + "}");
                    digits = wholeEnd;
                } else {
                    sameLength(start.toPlainString(), last(digits).min(most).toPlainString())
                            .forEach(choices::add);
                }
                start = first(digits + 1);
            }
            return choices.isEmpty() ? "" : "(" + String.join(" | ", choices) + ")";
        }

        private static BigDecimal first(int digits) {
            return BigDecimal.TEN.pow(digits - 1);
        }

        private static BigDecimal last(int digits) {
            return BigDecimal.TEN.pow(digits).subtract(BigDecimal.ONE);
        }

        private static List<String> sameLength(String from, String to) {
            if (from.length() == 1) {
                return List.of(digits(from.charAt(0), to.charAt(0)));
            }
            int rest = from.length() - 1;
            char first = from.charAt(0);
            char last = to.charAt(0);
            if (from.endsWith("0".repeat(rest)) && to.endsWith("9".repeat(rest))) {
                return List.of(digits(first, last) + " [0-9]{" + rest + "}");
            }
            if (first == last) {
                return behind(first, from.substring(1), to.substring(1));
            }
            var choices = new ArrayList<>(behind(first, from.substring(1), "9".repeat(rest)));
            if (last - first > 1) {
                choices.add(digits(first + 1, last - 1) + " [0-9]{" + rest + "}");
            }
            choices.addAll(behind(last, "0".repeat(rest), to.substring(1)));
            return choices;
        }

        private static List<String> behind(char first, String from, String to) {
            return sameLength(from, to).stream()
                    .map(rest -> digit(first) + " " + rest)
                    .toList();
        }
    }
}
