// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

/** Text inside error messages as Go's {@code %q} writes it. */
final class GoText {
    private static final int LAST_OF_16_BITS = 0xffff;

    private GoText() {}

    /** The text in double quotes, with what cannot be printed escaped. */
    static String quoted(String text) {
        var result = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> append(result, c));
        return result.append('"').toString();
    }

    private static void append(StringBuilder result, int c) {
        switch (c) {
            case '"' -> result.append("\\\"");
            case '\\' -> result.append("\\\\");
            case 7 -> result.append("\\a");
            case '\b' -> result.append("\\b");
            case '\f' -> result.append("\\f");
            case '\n' -> result.append("\\n");
            case '\r' -> result.append("\\r");
            case '\t' -> result.append("\\t");
            case 11 -> result.append("\\v");
            default -> {
                if (printable(c)) {
                    result.appendCodePoint(c);
                } else {
                    result.append(escaped(c));
                }
            }
        }
    }

    private static String escaped(int c) {
        if (c < ' ' || c == 0x7f) {
            return "\\x%02x".formatted(c);
        }
        return (c > LAST_OF_16_BITS ? "\\U%08x" : "\\u%04x").formatted(c);
    }

    private static boolean printable(int c) {
        if (c == ' ') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
