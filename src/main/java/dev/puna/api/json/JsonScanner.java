// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import dev.puna.failure.InvalidRequest;
import java.util.BitSet;

/**
 * Checks the syntax of one JSON value and finds its end, with the error texts of Go's {@code encoding/json} scanner.
 *
 * <p>Nesting costs no stack and is limited as Go limits it. <b>Threads:</b> one; for one use.
 */
final class JsonScanner {
    private static final int DEEPEST = 10_000;
    private static final int END = -1;

    private final byte[] text;
    private final int end;
    /** One bit for each open container: set for objects. */
    private final BitSet objects = new BitSet();

    private int at;
    private int depth;

    private JsonScanner(byte[] text, int start, int end) {
        this.text = text;
        this.at = start;
        this.end = end;
    }

    /** Where the first value between {@code start} and {@code end} ends; refuses what is no value or is cut short. */
    static int endOfValue(byte[] text, int start, int end) {
        return new JsonScanner(text, start, end).value();
    }

    /** The same of a value in a text that was checked before. */
    static int endOfChecked(byte[] text, int start, int end) {
        var first = text[start];
        if (first == '"') {
            return afterString(text, start);
        }
        return first == '{' || first == '[' ? afterContainer(text, start) : afterWord(text, start, end);
    }

    private static int afterString(byte[] text, int start) {
        var at = start + 1;
        while (text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static int afterContainer(byte[] text, int start) {
        var at = start;
        var open = 0;
        do {
            var c = text[at];
            if (c == '"') {
                at = afterString(text, at);
                continue;
            }
            if (c == '{' || c == '[') {
                open++;
            } else if (c == '}' || c == ']') {
                open--;
            }
            at++;
        } while (open > 0);
        return at;
    }

    /** A number, a truth or null. */
    private static int afterWord(byte[] text, int start, int end) {
        var at = start;
        while (at < end && text[at] > ' ' && text[at] != ',' && text[at] != ']' && text[at] != '}') {
            at++;
        }
        return at;
    }

    /** The first position from {@code start} on that is not white space; {@code end} if there is none. */
    static int skipSpace(byte[] text, int start, int end) {
        var at = start;
        while (at < end && isSpace(text[at])) {
            at++;
        }
        return at;
    }

    private int value() {
        while (true) {
            var whole = begin();
            if (whole && !another()) {
                return at;
            }
        }
    }

    /** Reads a scalar or an empty container and returns true, or opens a container whose first value comes next. */
    private boolean begin() {
        var c = token();
        switch (c) {
            case '{' -> {
                open(c, true);
                if (token() != '}') {
                    key();
                    return false;
                }
                close();
            }
            case '[' -> {
                open(c, false);
                if (token() != ']') {
                    return false;
                }
                close();
            }
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number(c);
        }
        return true;
    }

    /** After a value: closes the containers that end here and says whether another value follows. */
    private boolean another() {
        while (depth > 0) {
            var object = objects.get(depth - 1);
            var c = token();
            if (c == ',') {
                at++;
                if (object) {
                    token();
                    key();
                }
                return true;
            }
            if (c != (object ? '}' : ']')) {
                throw invalid(c, object ? "after object key:value pair" : "after array element");
            }
            close();
        }
        return false;
    }

    private void open(int c, boolean object) {
        if (depth == DEEPEST) {
            throw invalid(c, "exceeded max depth");
        }
        objects.set(depth++, object);
        at++;
    }

    private void close() {
        depth--;
        at++;
    }

    private void key() {
        if (text[at] != '"') {
            throw invalid(text[at] & 0xff, "looking for beginning of object key string");
        }
        string();
        var c = token();
        if (c != ':') {
            throw invalid(c, "after object key");
        }
        at++;
    }

    private void string() {
        at++;
        while (true) {
            at = ordinary(text, at, end);
            var c = needed();
            at++;
            if (c == '"') {
                return;
            }
            if (c != '\\') {
                throw invalid(c, "in string literal");
            }
            escape();
        }
    }

    /** The first position from {@code start} on of what ends a string, escapes or must not be in one; {@code end} if there is none. */
    private static int ordinary(byte[] text, int start, int end) {
        var at = start;
        while (at < end && (text[at] < 0 || (text[at] >= ' ' && text[at] != '"' && text[at] != '\\'))) {
            at++;
        }
        return at;
    }

    private void escape() {
        var c = needed();
        switch (c) {
            case 'b', 'f', 'n', 'r', 't', '\\', '/', '"' -> at++;
            case 'u' -> {
                at++;
                for (var digits = 0; digits < 4; digits++) {
                    hexDigit();
                }
            }
            default -> throw invalid(c, "in string escape code");
        }
    }

    private void hexDigit() {
        var digit = needed();
        if (Character.digit(digit, 16) < 0 || digit > 'f') {
            throw invalid(digit, "in \\u hexadecimal character escape");
        }
        at++;
    }

    private void literal(String word) {
        at++;
        for (var i = 1; i < word.length(); i++) {
            var c = needed();
            if (c != word.charAt(i)) {
                throw invalid(c, "in literal %s (expecting '%s')".formatted(word, word.charAt(i)));
            }
            at++;
        }
    }

    private void number(int first) {
        if (first == '-') {
            at++;
            if (!isDigit(needed())) {
                throw invalid(needed(), "in numeric literal");
            }
        } else if (!isDigit(first)) {
            throw invalid(first, "looking for beginning of value");
        }
        if (text[at] == '0') {
            at++;
        } else {
            digits();
        }
        if (peek() == '.') {
            at++;
            requireDigit("after decimal point in numeric literal");
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            requireDigit("in exponent of numeric literal");
            digits();
        }
    }

    private void requireDigit(String where) {
        var c = needed();
        if (!isDigit(c)) {
            throw invalid(c, where);
        }
    }

    private void digits() {
        while (isDigit(peek())) {
            at++;
        }
    }

    /** The first byte that is not white space, not yet consumed. */
    private int token() {
        at = skipSpace(text, at, end);
        return needed();
    }

    private int needed() {
        var c = peek();
        if (c == END) {
            throw new InvalidRequest("unexpected EOF");
        }
        return c;
    }

    private int peek() {
        return at < end ? text[at] & 0xff : END;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static InvalidRequest invalid(int c, String where) {
        return new InvalidRequest("invalid character " + quoted(c) + " " + where);
    }

    /** A byte as Go's scanner shows it: as the Latin-1 character, escaped if it cannot be printed. */
    private static String quoted(int c) {
        return switch (c) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            case '\\' -> "'\\\\'";
            case 7 -> "'\\a'";
            case '\b' -> "'\\b'";
            case '\f' -> "'\\f'";
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            case '\t' -> "'\\t'";
            case 11 -> "'\\v'";
            default -> {
                if (c < 0x20 || c == 0x7f) {
                    yield "'\\x%02x'".formatted(c);
                }
                var hidden = (c > 0x7f && c <= 0xa0) || c == 0xad;
                yield hidden ? "'\\u%04x'".formatted(c) : "'" + (char) c + "'";
            }
        };
    }
}
