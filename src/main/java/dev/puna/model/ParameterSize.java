// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers of parameters as people write them. Source: contract 3.3. */
public final class ParameterSize {
    private static final long THOUSAND = 1_000;
    private static final long MILLION = 1_000_000;
    private static final long BILLION = 1_000_000_000;

    private ParameterSize() {}

    /** One decimal for billions, two for millions, none for thousands or where they would be zero: {@code 134.52M}. */
    public static String text(long parameters) {
        if (parameters >= BILLION) {
            return scaled(parameters, BILLION, parameters % BILLION == 0 ? 0 : 1) + "B";
        }
        if (parameters >= MILLION) {
            return scaled(parameters, MILLION, parameters % MILLION == 0 ? 0 : 2) + "M";
        }
        return parameters >= THOUSAND ? scaled(parameters, THOUSAND, 0) + "K" : Long.toString(parameters);
    }

    private static String scaled(long parameters, long unit, int decimals) {
        // Divided as a double first, so that ties round as they do in Go's printf.
        return new BigDecimal((double) parameters / unit)
                .setScale(decimals, RoundingMode.HALF_EVEN)
                .toPlainString();
    }
}
