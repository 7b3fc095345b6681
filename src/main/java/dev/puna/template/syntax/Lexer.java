// SPDX-License-Identifier: Apache-2.0
package dev.puna.template.syntax;

import dev.puna.go.GoQuote;
import dev.puna.go.GoText;
import dev.puna.template.syntax.Token.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cuts a template, a row of bytes, into tokens. Trim markers are settled here. Used by one thread. */
final class Lexer {
    private static final String LEFT = "{{";
    private static final String RIGHT = "}}";
    private static final int END = -1;
    private static final int MARKER = 2;

    private static final Map<String, Kind> KEYWORDS = Map.ofEntries(
            Map.entry("block", Kind.BLOCK),
            Map.entry("break", Kind.BREAK),
            Map.entry("continue", Kind.CONTINUE),
            Map.entry("define", Kind.DEFINE),
            Map.entry("else", Kind.ELSE),
            Map.entry("end", Kind.END),
            Map.entry("if", Kind.IF),
            Map.entry("range", Kind.RANGE),
            Map.entry("nil", Kind.NIL),
            Map.entry("template", Kind.TEMPLATE),
            Map.entry("with", Kind.WITH),
            Map.entry("true", Kind.BOOL),
            Map.entry("false", Kind.BOOL));

    private String input;
    private int at;
    private int start;
    private int line = 1;
    private int startLine = 1;
    private int parentheses;
    private boolean insideAction;

    Lexer(String input) {
        this.input = input;
    }

    /** The next token; after the end, and after an error, there is no sensible one. */
    Token next() {
        while (true) {
            var token = insideAction ? action() : text();
            if (token != null) {
                return token;
            }
        }
    }

    private int peek() {
        return at < input.length() ? GoText.rune(input, at) : END;
    }

    private int read() {
        var rune = peek();
        if (rune != END) {
            at += GoText.width(input, at);
            line += rune == '\n' ? 1 : 0;
        }
        return rune;
    }

    private Token token(Kind kind) {
        var token = new Token(kind, input.substring(start, at), start, startLine);
        start = at;
        startLine = line;
        return token;
    }

    /** Goes to a place further on and leaves out what lies before it. */
    private void skipTo(int place) {
        for (; at < place; at++) {
            line += input.charAt(at) == '\n' ? 1 : 0;
        }
        start = at;
        startLine = line;
    }

    private Token error(String message) {
        var token = new Token(Kind.ERROR, message, start, startLine);
        input = "";
        at = 0;
        start = 0;
        return token;
    }

    private @Nullable Token text() {
        var delimiter = input.indexOf(LEFT, at);
        if (delimiter < 0) {
            return rest();
        }
        if (delimiter > at) {
            var end = delimiter;
            if (trimsLeft(delimiter + LEFT.length())) {
                while (end > at && isSpace(input.charAt(end - 1))) {
                    end--;
                }
            }
            var token = textUntil(end);
            skipTo(delimiter);
            if (!token.text().isEmpty()) {
                return token;
            }
        }
        return leftDelimiter();
    }

    private Token rest() {
        return at < input.length() ? textUntil(input.length()) : token(Kind.END_OF_FILE);
    }

    private Token textUntil(int end) {
        for (; at < end; at++) {
            line += input.charAt(at) == '\n' ? 1 : 0;
        }
        return token(Kind.TEXT);
    }

    private @Nullable Token leftDelimiter() {
        at += LEFT.length();
        var marker = trimsLeft(at) ? MARKER : 0;
        if (input.startsWith("/*", at + marker)) {
            skipTo(at + marker);
            return comment();
        }
        var token = token(Kind.LEFT_DELIMITER);
        insideAction = true;
        skipTo(at + marker);
        parentheses = 0;
        return token;
    }

    private @Nullable Token comment() {
        var close = input.indexOf("*/", at + 2);
        if (close < 0) {
            return error("unclosed comment");
        }
        var after = close + 2;
        if (!atRightDelimiter(after)) {
            return error("comment ends before closing delimiter");
        }
        var trims = trimsRight(after);
        var end = after + (trims ? MARKER : 0) + RIGHT.length();
        skipTo(trims ? afterSpaces(end) : end);
        return null;
    }

    private int afterSpaces(int place) {
        var end = place;
        while (end < input.length() && isSpace(input.charAt(end))) {
            end++;
        }
        return end;
    }

    private boolean trimsLeft(int place) {
        return place + 1 < input.length() && input.charAt(place) == '-' && isSpace(input.charAt(place + 1));
    }

    private boolean trimsRight(int place) {
        return place + 1 < input.length()
                && isSpace(input.charAt(place))
                && input.charAt(place + 1) == '-'
                && input.startsWith(RIGHT, place + MARKER);
    }

    private boolean atRightDelimiter(int place) {
        return trimsRight(place) || input.startsWith(RIGHT, place);
    }

    private Token rightDelimiter() {
        var trims = trimsRight(at);
        if (trims) {
            skipTo(at + MARKER);
        }
        at += RIGHT.length();
        var token = token(Kind.RIGHT_DELIMITER);
        if (trims) {
            skipTo(afterSpaces(at));
        }
        insideAction = false;
        return token;
    }

    private Token action() {
        if (atRightDelimiter(at)) {
            return parentheses == 0 ? rightDelimiter() : error("unclosed left paren");
        }
        var rune = peek();
        if (rune == END) {
            return error("unclosed action");
        }
        if (isSpace(rune)) {
            return space();
        }
        var afterDot = at + 1 < input.length() ? input.charAt(at + 1) : '0';
        if (rune == '+' || rune == '-' || isDigit(rune) || (rune == '.' && isDigit(afterDot))) {
            return number();
        }
        if (isAlphanumeric(rune)) {
            return identifier();
        }
        read();
        return switch (rune) {
            case '=' -> token(Kind.ASSIGN);
            case ':' -> read() == '=' ? token(Kind.DECLARE) : error("expected :=");
            case '|' -> token(Kind.PIPE);
            case '"' -> quoted('"', Kind.STRING, "unterminated quoted string");
            case '\'' -> quoted('\'', Kind.CHARACTER_CONSTANT, "unterminated character constant");
            case '`' -> rawQuoted();
            case '$' -> fieldOrVariable(Kind.VARIABLE, Kind.VARIABLE);
            case '.' -> fieldOrVariable(Kind.FIELD, Kind.DOT);
            case '(' -> {
                parentheses++;
                yield token(Kind.LEFT_PARENTHESIS);
            }
            case ')' -> --parentheses < 0 ? error("unexpected right paren") : token(Kind.RIGHT_PARENTHESIS);
            default ->
                rune > ' ' && rune < 0x7F
                        ? token(Kind.CHARACTER)
                        : error("unrecognized character in action: " + codePoint(rune));
        };
    }

    private Token space() {
        while (isSpace(peek())) {
            read();
        }
        // The last space may belong to a trim marker.
        if (trimsRight(at - 1)) {
            at--;
            line -= input.charAt(at) == '\n' ? 1 : 0;
            if (at == start) {
                return rightDelimiter();
            }
        }
        return token(Kind.SPACE);
    }

    private Token identifier() {
        while (isAlphanumeric(peek())) {
            read();
        }
        if (!atTerminator()) {
            return badCharacter();
        }
        return token(KEYWORDS.getOrDefault(input.substring(start, at), Kind.IDENTIFIER));
    }

    private Token fieldOrVariable(Kind kind, Kind alone) {
        if (atTerminator()) {
            return token(alone);
        }
        while (isAlphanumeric(peek())) {
            read();
        }
        return atTerminator() ? token(kind) : badCharacter();
    }

    private Token badCharacter() {
        return error("bad character " + codePoint(peek()));
    }

    private boolean atTerminator() {
        var rune = peek();
        return rune == END || isSpace(rune) || ".,|:)(".indexOf(rune) >= 0 || input.startsWith(RIGHT, at);
    }

    private Token quoted(char quote, Kind kind, String unterminated) {
        while (true) {
            var rune = read();
            var escaped = rune == '\\';
            if (escaped) {
                rune = read();
            }
            if (rune == END || rune == '\n') {
                return error(unterminated);
            }
            if (rune == quote && !escaped) {
                return token(kind);
            }
        }
    }

    private Token rawQuoted() {
        while (true) {
            var rune = read();
            if (rune == END) {
                return error("unterminated raw quoted string");
            }
            if (rune == '`') {
                return token(Kind.RAW_STRING);
            }
        }
    }

    private Token number() {
        if (!scanNumber()) {
            return badNumber();
        }
        var sign = peek();
        if (sign != '+' && sign != '-') {
            return token(Kind.NUMBER);
        }
        return scanNumber() && input.charAt(at - 1) == 'i' ? token(Kind.COMPLEX) : badNumber();
    }

    private Token badNumber() {
        return error("bad number syntax: " + GoQuote.quote(input.substring(start, at)));
    }

    /** Takes what may be a number; whether it is one shows when it is read as such. */
    private boolean scanNumber() {
        accept("+-");
        var digits = "0123456789_";
        if (accept("0")) {
            digits = accept("xX")
                    ? "0123456789abcdefABCDEF_"
                    : accept("oO") ? "01234567_" : accept("bB") ? "01_" : digits;
        }
        acceptAll(digits);
        if (accept(".")) {
            acceptAll(digits);
        }
        if (accept(digits.length() == 11 ? "eE" : digits.length() == 23 ? "pP" : "")) {
            accept("+-");
            acceptAll("0123456789_");
        }
        accept("i");
        if (isAlphanumeric(peek())) {
            read();
            return false;
        }
        return true;
    }

    private boolean accept(String valid) {
        var rune = peek();
        if (rune == END || valid.indexOf(rune) < 0) {
            return false;
        }
        read();
        return true;
    }

    private void acceptAll(String valid) {
        var more = true;
        while (more) {
            more = accept(valid);
        }
    }

    private static String codePoint(int rune) {
        var text = new StringBuilder("U+%04X".formatted(rune));
        if (GoText.printable(rune)) {
            text.append(" '");
            GoText.append(text, rune);
            text.append('\'');
        }
        return text.toString();
    }

    static boolean isSpace(int rune) {
        return rune == ' ' || rune == '\t' || rune == '\r' || rune == '\n';
    }

    private static boolean isDigit(int rune) {
        return rune >= '0' && rune <= '9';
    }

    private static boolean isAlphanumeric(int rune) {
        return rune != END && (rune == '_' || Character.isLetter(rune) || Character.isDigit(rune));
    }
}
