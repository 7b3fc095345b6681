// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.syntax;

import dev.puna.go.GoQuote;
import dev.puna.go.GoText;

/**
 * A piece of a template.
 *
 * @param text as it stands in the template; for {@link Kind#ERROR} what is wrong
 * @param position byte at which it starts
 * @param line from 1
 */
record Token(Kind kind, String text, int position, int line) {
    /** What a piece is. */
    enum Kind {
        ERROR,
        BOOL,
        CHARACTER,
        CHARACTER_CONSTANT,
        COMPLEX,
        ASSIGN,
        DECLARE,
        END_OF_FILE,
        FIELD,
        IDENTIFIER,
        LEFT_DELIMITER,
        LEFT_PARENTHESIS,
        NUMBER,
        PIPE,
        RAW_STRING,
        RIGHT_DELIMITER,
        RIGHT_PARENTHESIS,
        SPACE,
        STRING,
        TEXT,
        VARIABLE,
        BLOCK,
        BREAK,
        CONTINUE,
        DOT,
        DEFINE,
        ELSE,
        END,
        IF,
        NIL,
        RANGE,
        TEMPLATE,
        WITH;

        boolean keyword() {
            return compareTo(BLOCK) >= 0;
        }
    }

    private static final int LONGEST_SHOWN = 10;

    boolean is(Kind other) {
        return kind == other;
    }

    /** How messages name it. */
    String shown() {
        if (kind == Kind.END_OF_FILE) {
            return "EOF";
        }
        if (kind == Kind.ERROR) {
            return text;
        }
        if (kind.keyword()) {
            return "<" + text + ">";
        }
        return text.length() > LONGEST_SHOWN ? GoQuote.quote(beginning()) + "..." : GoQuote.quote(text);
    }

    private String beginning() {
        var end = 0;
        for (var i = 0; i < LONGEST_SHOWN && end < text.length(); i++) {
            end += GoText.width(text, end);
        }
        return text.substring(0, end);
    }
}
