// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.go.GoQuote;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Parameters for people: as Go prints the values that its JSON reader gives, sorted by name. Source: contract 1.8. */
final class ParameterText {
    private static final int NAME_WIDTH = 30;
    /** Go prints a number with an exponent from here on, and below 10⁻⁴. */
    private static final int FIRST_EXPONENT = 6;

    private static final int LAST_SMALL_EXPONENT = -4;

    private ParameterText() {}

    /** A line for each parameter, and for each element of one that is a list; texts in quotes. */
    static String lines(Map<String, ?> parameters) {
        var lines = new ArrayList<String>();
        new TreeMap<>(parameters).forEach((name, value) -> {
            for (var element : elements(value)) {
                var text = element instanceof String string ? GoQuote.quoted(string) : text(element);
                lines.add(name + " ".repeat(Math.max(0, NAME_WIDTH - name.length())) + " " + text);
            }
        });
        return String.join("\n", lines);
    }

    /** The elements of a list; anything else is the only element of itself. */
    static List<?> elements(@Nullable Object value) {
        return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    }

    /** One value, a text as it is. */
    static String text(@Nullable Object value) {
        return value instanceof Number number ? number(number) : String.valueOf(value);
    }

    private static String number(Number number) {
        var value = new BigDecimal(Double.toString(number.doubleValue())).stripTrailingZeros();
        if (value.signum() == 0) {
            return "0";
        }
        var digits = value.unscaledValue().abs().toString();
        var exponent = digits.length() - 1 - value.scale();
        if (exponent >= LAST_SMALL_EXPONENT && exponent < FIRST_EXPONENT) {
            return value.toPlainString();
        }
        return (value.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
