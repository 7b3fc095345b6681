// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import java.math.BigDecimal;

/** Floating-point numbers in the shortest form that Go would print. */
public final class GoNumber {
    private GoNumber() {}

    /** As {@code fmt} prints with {@code %v}: plain from 1e-4 to below 1e6. */
    public static String plain(double value) {
        return format(value, -4, 6, 2);
    }

    /** As {@code encoding/json} writes: plain from 1e-6 to below 1e21. */
    public static String json(double value) {
        return format(value, -6, 21, 1);
    }

    private static String format(double value, int lowest, int highest, int exponentDigits) {
        if (value == 0 || !Double.isFinite(value)) {
            return value == 0 ? (1 / value < 0 ? "-0" : "0") : Double.toString(value);
        }
        var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        var exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= lowest && exponent < highest) {
            return decimal.toPlainString();
        }
        var digits = decimal.unscaledValue().abs().toString();
        var fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        var size = Integer.toString(Math.abs(exponent));
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + fraction
                + (exponent < 0 ? "e-" : "e+")
                + "0".repeat(Math.max(0, exponentDigits - size.length()))
                + size;
    }
}
