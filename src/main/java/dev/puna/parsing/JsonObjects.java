// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Looks for what is between brackets in text that need not be JSON. Brackets inside of strings do not count. */
final class JsonObjects {

    private JsonObjects() {}

    /** From the opening brace to behind the closing one. */
    record Span(int start, int end) {}

    /** The objects that are closed and in no other. */
    static List<Span> in(String text) {
        var spans = new ArrayList<Span>();
        var depth = 0;
        var start = 0;
        var inString = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                }
                inString = c != '"';
            } else if (c == '"') {
                // Outside of objects a quote is a character as any other.
                inString = depth > 0;
            } else if (c == '{') {
                start = depth == 0 ? i : start;
                depth++;
            } else if (c == '}' && depth > 0) {
                depth--;
                if (depth == 0) {
                    spans.add(new Span(start, i + 1));
                }
            }
        }
        return spans;
    }

    /**
     * Where the text behind the first bracket that is closed begins; empty if none is, or more are closed than were opened.
     *
     * @param open a brace or a bracket
     */
    static OptionalInt endOfFirst(char open, String text) {
        var close = open == '{' ? '}' : ']';
        var depth = 0;
        var inString = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                }
                inString = c != '"';
            } else if (c == '"') {
                inString = depth > 0;
            } else if (c == open) {
                depth++;
            } else if (c == close) {
                depth--;
                if (depth == 0) {
                    return OptionalInt.of(i + 1);
                }
            }
        }
        return OptionalInt.empty();
    }
}
