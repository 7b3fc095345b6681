// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import java.math.BigDecimal;

/** Numbers with a fraction as Go writes them in JSON: the shortest digits that read back the same, no {@code .0}. */
public final class GoNumber {
    private static final double SMALLEST_PLAIN = 1e-6;
    private static final double SMALLEST_BIG = 1e21;

    private GoNumber() {}

    /** A float64; must be finite. */
    public static String format(double number) {
        return format(Double.toString(number), Math.abs(number) < SMALLEST_PLAIN, Math.abs(number) >= SMALLEST_BIG);
    }

    /** A float32; must be finite. */
    public static String format(float number) {
        var size = Math.abs(number);
        return format(Float.toString(number), size < (float) SMALLEST_PLAIN, size >= (float) SMALLEST_BIG);
    }

    /** Rewrites Java's text, whose digits are the same. */
    private static String format(String java, boolean tiny, boolean big) {
        if (java.endsWith(".0")) {
            return java.substring(0, java.length() - 2);
        }
        var exponent = java.indexOf('E');
        if (exponent < 0) {
            return java;
        }
        if (!tiny && !big) {
            return new BigDecimal(java).stripTrailingZeros().toPlainString();
        }
        var digits = java.substring(0, exponent);
        var mantissa = digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
        return mantissa + (big ? "e+" : "e") + java.substring(exponent + 1);
    }
}
