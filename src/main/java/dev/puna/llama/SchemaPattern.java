// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.failure.InvalidRequest;

/**
 * Rewrites a regular expression in the few words that llama.cpp's converter knows: anchors at both ends, no shorthand classes, no
 * groups but plain ones. Nothing in it may match a character that JSON writes with a backslash, since the converter copies
 * what matches between the quotes as it is.
 */
final class SchemaPattern {
    private static final int MOST_SHOWN = 200;

    /** What a JSON string may not hold as it is. */
    private static final String ESCAPED_IN_JSON = "\"\\\\\\x00-\\x1F";

    private static final String ANY = "[^" + ESCAPED_IN_JSON + "]";

    private final String pattern;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private SchemaPattern(String pattern) {
        this.pattern = pattern;
    }

    /** The same expression; fails with {@link InvalidRequest} where it matches what must be escaped. */
    static String rewritten(String pattern) {
        boolean begins = pattern.startsWith("^");
        boolean ends = pattern.endsWith("$") && !pattern.endsWith("\\$");
        var inner = new SchemaPattern(pattern.substring(begins ? 1 : 0, pattern.length() - (ends ? 1 : 0))).rewrite();
        if (begins && ends) {
            return "^" + inner + "$";
        }
        // An alternative beside one anchor belongs to it alone, which a grammar of the whole cannot say.
        var whole = begins || ends ? inner : "(" + inner + ")";
        if ((begins || ends) && inner.indexOf('|') >= 0) {
            throw refusal(pattern);
        }
        return "^" + (begins ? "" : ANY + "*") + whole + (ends ? "" : ANY + "*") + "$";
    }

    private String rewrite() {
        while (at < pattern.length()) {
            switch (pattern.charAt(at)) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '.' -> put(ANY, 1);
                case '"' -> throw refusal(pattern);
                case '(' -> put("(", pattern.startsWith("(?:", at) ? 3 : 1);
                default -> put(pattern.substring(at, at + 1), 1);
            }
        }
        return out.toString();
    }

    private void escape() {
        char next = at + 1 < pattern.length() ? pattern.charAt(at + 1) : '\\';
        switch (next) {
            case 'd' -> put("[0-9]", 2);
            case 'w' -> put("[A-Za-z0-9_]", 2);
            case 's' -> put("[ ]", 2);
            case 'D' -> put("[^0-9" + ESCAPED_IN_JSON + "]", 2);
            case 'W' -> put("[^A-Za-z0-9_" + ESCAPED_IN_JSON + "]", 2);
            case 'S' -> put("[^ " + ESCAPED_IN_JSON + "]", 2);
            case '/', '-', ' ', '@', ':', '#', '%', '&', '=', ',', ';', '_', '!', '<', '>', '~' ->
                put(Character.toString(next), 2);
            case '\\', '"', 'n', 'r', 't' -> throw refusal(pattern);
            default -> put("\\" + next, 2);
        }
    }

    private void characterClass() {
        put("[", 1);
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            put("^" + ESCAPED_IN_JSON, 1);
        }
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            if (pattern.charAt(at) == '\\') {
                escapeInClass();
            } else if (at + 2 < pattern.length() && pattern.charAt(at + 1) == '-' && pattern.charAt(at + 2) != ']') {
                range(pattern.charAt(at), pattern.charAt(at + 2));
            } else if (pattern.charAt(at) == '"') {
                throw refusal(pattern);
            } else {
                put(pattern.substring(at, at + 1), 1);
            }
        }
    }

    private void escapeInClass() {
        char next = at + 1 < pattern.length() ? pattern.charAt(at + 1) : '\\';
        switch (next) {
            case 'd' -> put("0-9", 2);
            case 'w' -> put("A-Za-z0-9_", 2);
            case 's' -> put(" ", 2);
            case '-', '[', ']' -> put("\\" + next, 2);
            case '\\', '"', 'n', 'r', 't' -> throw refusal(pattern);
            default -> put(Character.isLetterOrDigit(next) ? "\\" + next : Character.toString(next), 2);
        }
    }

    /** A range without the quote and the backslash that may lie in it. */
    private void range(char from, char to) {
        if (to == '\\') {
            throw refusal(pattern);
        }
        at += 3;
        var start = from;
        for (char hole : new char[] {'"', '\\'}) {
            if (start <= hole && hole <= to) {
                put(start, hole - 1);
                start = (char) (hole + 1);
            }
        }
        put(start, to);
    }

    private void put(int from, int to) {
        if (from <= to) {
            out.append(
                    from < 0x80 && to < 0x80 ? "\\x%02X-\\x%02X".formatted(from, to) : (char) from + "-" + (char) to);
        }
    }

    private void put(String text, int length) {
        out.append(text);
        at += length;
    }

    static InvalidRequest refusal(String pattern) {
        var shown = pattern.length() > MOST_SHOWN ? pattern.substring(0, MOST_SHOWN) + "…" : pattern;
        return new InvalidRequest(
                "invalid JSON schema: the keyword \"pattern\" is not supported with the expression " + shown);
    }
}
