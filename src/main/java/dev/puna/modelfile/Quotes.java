// SPDX-License-Identifier: Apache-2.0
package dev.puna.modelfile;

/**
 * Quotes of a Modelfile's values: one or three double quotes around the whole value, no escapes.
 *
 * <p>Whether a value is complete is asked at the end of each line: one that opens a quote goes on until a line ends with
 * the same quote.
 */
final class Quotes {
    private static final String TRIPLE = "\"\"\"";

    private Quotes() {}

    /**
     * Whether nobody sees it at either end of a value, where it counts only inside of quotes: space of any width or of none, controls.
     * Ollama drops all of it, and more, within values as well; here a value keeps what is between its ends.
     */
    static boolean isBlank(char character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** Whether a value that so far reads as {@code text} does between {@code from} and {@code to} may end there. */
    static boolean isComplete(String text, int from, int to) {
        var length = to - from;
        if (length >= 3 && text.startsWith(TRIPLE, from)) {
            return length >= 6 && text.startsWith(TRIPLE, to - 3);
        }
        var opened = length >= 1 && text.charAt(from) == '"';
        return !opened || (length >= 2 && text.charAt(to - 1) == '"');
    }

    /** The value that a complete text stands for. */
    static String take(String text) {
        if (text.startsWith(TRIPLE)) {
            return text.substring(3, text.length() - 3);
        }
        return text.startsWith("\"") ? text.substring(1, text.length() - 1) : text;
    }

    /** The text for a value; unquoted where it can be, as {@code show} prints it. */
    static String put(String value) {
        var plain = value.indexOf('\n') < 0
                && value.indexOf('\r') < 0
                && !value.startsWith("\"")
                && (value.isEmpty() || !(isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1))));
        if (plain) {
            return value;
        }
        var quote = value.indexOf('"') < 0 ? "\"" : TRIPLE;
        return quote + value + quote;
    }
}
