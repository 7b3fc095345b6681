// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import java.nio.charset.StandardCharsets;

/** Decodes JSON strings whose syntax was checked. Halves of surrogate pairs become U+FFFD, as in Go. */
final class JsonStrings {
    private static final char REPLACEMENT = '\ufffd';

    private JsonStrings() {}

    /** The text of the string literal from {@code start} to {@code end}, quotation marks among them. */
    static String decode(byte[] text, int start, int end) {
        var from = start + 1;
        var to = end - 1;
        var ascii = true;
        for (var i = from; i < to; i++) {
            if (text[i] == '\\') {
                return unescape(text, from, to);
            }
            ascii &= text[i] >= 0;
        }
        return new String(text, from, to - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static String unescape(byte[] text, int from, int to) {
        var result = new StringBuilder(to - from);
        var at = from;
        while (at < to) {
            var plain = at;
            while (at < to && text[at] != '\\') {
                at++;
            }
            result.append(new String(text, plain, at - plain, StandardCharsets.UTF_8));
            if (at < to) {
                at = escape(text, at, to, result);
            }
        }
        return result.toString();
    }

    /** Appends what the escape at {@code at} stands for and returns where it ends. */
    private static int escape(byte[] text, int at, int to, StringBuilder result) {
        if (text[at + 1] != 'u') {
            result.append(shortEscape(text[at + 1]));
            return at + 2;
        }
        var unit = unit(text, at);
        var after = at + 6;
        if (!Character.isSurrogate(unit)) {
            result.append(unit);
            return after;
        }
        if (after + 6 <= to && text[after] == '\\' && text[after + 1] == 'u') {
            var second = unit(text, after);
            if (Character.isSurrogatePair(unit, second)) {
                result.append(unit).append(second);
                return after + 6;
            }
        }
        result.append(REPLACEMENT);
        return after;
    }

    /**
     * JSON that is passed on, of the same meaning and length: halves of surrogate pairs are the escape of U+FFFD. Readers of other
     * languages refuse them, or make something else of each.
     */
    static String withoutHalves(String json) {
        var at = json.indexOf('\\');
        if (at < 0) {
            return json;
        }
        var result = new StringBuilder(json);
        while (at >= 0) {
            at = json.indexOf('\\', afterEscape(json, at, result));
        }
        return result.toString();
    }

    /** Mends the escape at {@code at} if it is half a pair, and returns where it, or the pair, ends. */
    private static int afterEscape(String json, int at, StringBuilder result) {
        if (json.charAt(at + 1) != 'u') {
            return at + 2;
        }
        var unit = unit(json, at);
        if (!Character.isSurrogate(unit)) {
            return at + 6;
        }
        if (json.startsWith("\\u", at + 6) && Character.isSurrogatePair(unit, unit(json, at + 6))) {
            return at + 12;
        }
        result.replace(at, at + 6, "\\ufffd");
        return at + 6;
    }

    private static char unit(String json, int at) {
        return (char) Integer.parseInt(json, at + 2, at + 6, 16);
    }

    private static char shortEscape(byte c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> (char) c;
        };
    }

    private static char unit(byte[] text, int at) {
        var unit = 0;
        for (var i = at + 2; i < at + 6; i++) {
            unit = unit << 4 | Character.digit(text[i], 16);
        }
        return (char) unit;
    }
}
