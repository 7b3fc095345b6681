// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.gbnf;

import dev.puna.schema.pattern.CharSet;
import java.util.ArrayList;
import java.util.Locale;
import java.util.stream.Collectors;

/** Texts of llama.cpp's notation of grammars. */
public final class Gbnf {
    /** What JSON writes with a backslash inside a string. */
    private static final CharSet ESCAPED =
            CharSet.of(0, 0x1F).or(CharSet.of('"')).or(CharSet.of('\\'));

    private static final CharSet CONTROLS = CharSet.of(0, 0x1F);
    private static final String SHORT = "\"\\\b\f\n\r\t";
    private static final String SHORT_NAMES = "\"\\bfnrt";

    private Gbnf() {}

    public static String literal(String text) {
        return text.codePoints().mapToObj(c -> escaped(c, "\"\\")).collect(Collectors.joining("", "\"", "\""));
    }

    /** One character of a set, as it stands. */
    static String chars(CharSet set) {
        boolean negated = set.contains(CharSet.LAST) && !set.equals(CharSet.ALL);
        var members = new StringBuilder(negated ? "[^" : "[");
        for (var range : (negated ? set.not() : set).ranges()) {
            members.append(escaped(range.from(), "[]\\^-"));
            if (range.to() > range.from()) {
                members.append('-').append(escaped(range.to(), "[]\\^-"));
            }
        }
        return members.append(']').toString();
    }

    /** One character of a set inside a JSON string; what must be escaped there is. */
    public static String charsInJson(CharSet set) {
        var choices = new ArrayList<String>();
        var plain = set.without(ESCAPED);
        if (!plain.isEmpty()) {
            choices.add(chars(plain));
        }
        if (set.and(CONTROLS).equals(CONTROLS)) {
            choices.add("\"\\\\\" ([bfnrt] | \"u00\" [01] [0-9a-fA-F])");
        } else {
            for (var range : set.and(CONTROLS).ranges()) {
                for (int c = range.from(); c <= range.to(); c++) {
                    choices.add(control(c));
                }
            }
        }
        for (int c : new int[] {'"', '\\'}) {
            if (set.contains(c)) {
                choices.add(literal(inJson(c)));
            }
        }
        return choices.size() == 1 ? choices.getFirst() : "(" + String.join(" | ", choices) + ")";
    }

    /** A character that has a short escape, or else its number, whose digits may be large or small letters. */
    private static String control(int c) {
        if (SHORT.indexOf(c) >= 0) {
            return literal(inJson(c));
        }
        var digit = "%x".formatted(c % 16);
        var last = Character.isDigit(digit.charAt(0)) ? digit : digit + digit.toUpperCase(Locale.ROOT);
        return literal("\\u00" + c / 16) + " [" + last + "]";
    }

    private static String inJson(int c) {
        return "\\" + SHORT_NAMES.charAt(SHORT.indexOf(c));
    }

    private static String escaped(int c, String special) {
        if (c < 0x20 || c == 0x7F || (c >= 0xD800 && c <= 0xDFFF) || c > 0xFFFD) {
            return c < 0x100 ? "\\x%02X".formatted(c) : "\\U%08X".formatted(c);
        }
        if (special.indexOf(c) < 0) {
            return Character.toString(c);
        }
        return c == '^' ? "\\x5E" : "\\" + Character.toString(c);
    }
}
