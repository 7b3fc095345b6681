// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import dev.puna.go.GoFloat;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A number of JSON as it is written on: as Go writes it, but for whole numbers, which keep every digit where Go, for which each is a
 * float64, cuts them at 17. Ids of chats and posts have 17 to 19.
 */
public final class WrittenNumber {
    /** From here on a double leaves out whole numbers. */
    private static final double FIRST_GAP = 0x1p53;
    /** From here on Go writes an exponent. */
    private static final double FIRST_EXPONENT = 1e21;

    private WrittenNumber() {}

    /**
     * The number of a literal, or nothing if it is beyond every double: many readers refuse a whole document for it.
     *
     * @param literal a number by the grammar of JSON
     */
    public static Optional<String> of(String literal) {
        var number = Double.parseDouble(literal);
        if (!Double.isFinite(number)) {
            return Optional.empty();
        }
        return Optional.of(isWhole(literal) ? literal : real(literal, number));
    }

    private static boolean isWhole(String literal) {
        return literal.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
    }

    private static String real(String literal, double number) {
        var size = Math.abs(number);
        if (size >= FIRST_GAP && size < FIRST_EXPONENT) {
            var exact = new BigDecimal(literal).stripTrailingZeros();
            if (exact.scale() <= 0) {
                return exact.toPlainString();
            }
        }
        return GoFloat.json(number);
    }
}
