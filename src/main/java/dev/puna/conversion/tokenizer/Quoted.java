// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

/** Texts of a file in messages: short, without control characters. */
final class Quoted {
    private static final int LONGEST = 40;

    private Quoted() {}

    static String of(String text) {
        var quoted = new StringBuilder("'");
        text.codePoints()
                .limit(LONGEST)
                .forEach(point -> quoted.appendCodePoint(Character.isISOControl(point) ? '\uFFFD' : point));
        return quoted.append(text.length() > LONGEST ? "…'" : "'").toString();
    }
}
