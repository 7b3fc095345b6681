// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import dev.puna.failure.InvalidRequest;

/** Go's string and character literals, written and read; texts are rows of bytes ({@link GoText}). */
public final class GoQuote {
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b";
    private static final String ESCAPES = "abfnrtv";
    private static final int DELETE = 0x7F;

    private GoQuote() {}

    /** A text of characters, not of bytes, as Go's {@code %q} shows it. */
    public static String quoted(String text) {
        return GoText.text(quote(GoText.bytes(text)));
    }

    /** A double-quoted literal. */
    public static String quote(String bytes) {
        return quote(bytes, false);
    }

    /** A double-quoted literal, in ASCII alone if asked for. */
    public static String quote(String bytes, boolean ascii) {
        var out = new StringBuilder(bytes.length() + 2).append('"');
        for (int i = 0, width; i < bytes.length(); i += width) {
            width = GoText.width(bytes, i);
            var rune = GoText.rune(bytes, i);
            if (width == 1 && rune == GoText.REPLACEMENT) {
                out.append("\\x").append(hex(bytes.charAt(i), 2));
            } else {
                appendEscaped(out, rune, '"', ascii);
            }
        }
        return out.append('"').toString();
    }

    /** A character literal; what is no code point is written as U+FFFD. */
    public static String quoteRune(int rune, boolean ascii) {
        var valid = rune >= 0 && rune <= Character.MAX_CODE_POINT && (rune < 0xD800 || rune > 0xDFFF);
        var out = new StringBuilder().append('\'');
        appendEscaped(out, valid ? rune : GoText.REPLACEMENT, '\'', ascii);
        return out.append('\'').toString();
    }

    private static void appendEscaped(StringBuilder out, int rune, char quote, boolean ascii) {
        if (rune == quote || rune == '\\') {
            out.append('\\').append((char) rune);
        } else if (rune < DELETE ? rune >= ' ' : !ascii && GoText.printable(rune)) {
            GoText.append(out, rune);
        } else if (rune < ' ' && ESCAPED.indexOf(rune) >= 0) {
            out.append('\\').append(ESCAPES.charAt(ESCAPED.indexOf(rune)));
        } else if (rune < ' ' || rune == DELETE) {
            out.append("\\x").append(hex(rune, 2));
        } else if (rune < 0x10000) {
            out.append("\\u").append(hex(rune, 4));
        } else {
            out.append("\\U").append(hex(rune, 8));
        }
    }

    private static String hex(int value, int digits) {
        var hex = Integer.toHexString(value);
        return "0".repeat(digits - hex.length()) + hex;
    }

    /** Whether the text can stand between backquotes on one line. */
    public static boolean fitsBackquotes(String bytes) {
        for (int i = 0, width; i < bytes.length(); i += width) {
            width = GoText.width(bytes, i);
            var rune = GoText.rune(bytes, i);
            if (width > 1 ? rune == 0xFEFF : rune == GoText.REPLACEMENT) {
                return false;
            }
            if (width == 1 && ((rune < ' ' && rune != '\t') || rune == '`' || rune == DELETE)) {
                return false;
            }
        }
        return true;
    }

    /**
     * What a string literal says.
     *
     * @param literal with its double quotes or backquotes
     */
    public static String unquote(String literal) {
        var inner = literal.substring(1, literal.length() - 1);
        if (literal.charAt(0) == '`') {
            return inner.replace("\r", "");
        }
        var out = new StringBuilder(inner.length());
        var reader = new Reader(inner, '"');
        while (!reader.atEnd()) {
            reader.appendNext(out);
        }
        return out.toString();
    }

    /**
     * The code point of a character literal.
     *
     * @param literal with its quotes
     */
    public static int unquoteRune(String literal) {
        var reader = new Reader(literal.substring(1), '\'');
        var rune = reader.next();
        if (!reader.rest().equals("'")) {
            throw new InvalidRequest("malformed character constant: " + literal);
        }
        return rune;
    }

    /** Reads the characters of a literal one after another. */
    private static final class Reader {
        private final String source;
        private final char quote;
        private int at;
        private boolean singleByte;

        Reader(String source, char quote) {
            this.source = source;
            this.quote = quote;
        }

        boolean atEnd() {
            return at >= source.length();
        }

        String rest() {
            return source.substring(at);
        }

        void appendNext(StringBuilder out) {
            var rune = next();
            if (singleByte) {
                out.append((char) rune);
            } else {
                GoText.append(out, rune);
            }
        }

        int next() {
            singleByte = false;
            if (atEnd() || source.charAt(at) == quote) {
                throw bad();
            }
            if (source.charAt(at) != '\\') {
                var rune = GoText.rune(source, at);
                at += GoText.width(source, at);
                return rune;
            }
            at++;
            var escape = atEnd() ? '\0' : source.charAt(at++);
            return switch (escape) {
                case 'x' -> {
                    singleByte = true;
                    yield (int) number(2, 16);
                }
                case 'u' -> codePoint(number(4, 16));
                case 'U' -> codePoint(number(8, 16));
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    at--;
                    singleByte = true;
                    yield octal();
                }
                case '\\' -> '\\';
                default -> simple(escape);
            };
        }

        private int simple(char escape) {
            if (escape == quote) {
                return escape;
            }
            var known = ESCAPES.indexOf(escape);
            if (known < 0) {
                throw bad();
            }
            return ESCAPED.charAt(known);
        }

        private int octal() {
            var value = (int) number(3, 8);
            if (value > 255) {
                throw bad();
            }
            return value;
        }

        private long number(int digits, int radix) {
            if (at + digits > source.length()) {
                throw bad();
            }
            var value = 0L;
            for (var i = 0; i < digits; i++) {
                var character = source.charAt(at++);
                var digit = character < DELETE ? Character.digit(character, radix) : -1;
                if (digit < 0) {
                    throw bad();
                }
                value = value * radix + digit;
            }
            return value;
        }

        private static int codePoint(long value) {
            if (value > Character.MAX_CODE_POINT || (value >= 0xD800 && value <= 0xDFFF)) {
                throw bad();
            }
            return (int) value;
        }

        private static InvalidRequest bad() {
            return new InvalidRequest("invalid syntax");
        }
    }
}
