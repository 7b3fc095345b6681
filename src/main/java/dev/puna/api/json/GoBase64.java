// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import dev.puna.failure.InvalidRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Standard base64 as Go's {@code base64.StdEncoding} decodes it: line ends are skipped, padding is required. */
final class GoBase64 {
    private static final int GROUP = 4;

    private GoBase64() {}

    /** Whether the string literal holds neither escapes nor anything else that is not decoded where it stands. */
    static boolean isPlain(byte[] literal, int start, int end) {
        for (var at = start; at < end; at++) {
            if (literal[at] == '\\') {
                return false;
            }
        }
        return (end - start - 2) % GROUP == 0;
    }

    /** Decodes the string literal from {@code start} to {@code end}, quotation marks among them, without a copy of its text if it can. */
    @SuppressWarnings("ByteBufferBackingArray") // The decoder wraps an array of its own.
    static byte[] decode(byte[] literal, int start, int end) {
        if ((end - start - 2) % GROUP == 0) {
            try {
                var plain = ByteBuffer.wrap(literal, start + 1, end - start - 2);
                var bytes = Base64.getDecoder().decode(plain);
                return bytes.limit() == bytes.array().length
                        ? bytes.array()
                        : Arrays.copyOf(bytes.array(), bytes.limit());
            } catch (IllegalArgumentException _) {
                // With escapes or line ends, or wrong: looked at below.
            }
        }
        return decode(JsonStrings.decode(literal, start, end));
    }

    static byte[] decode(String text) {
        try {
            return strict(text);
        } catch (IllegalArgumentException _) {
            var compact = text.replace("\r", "").replace("\n", "");
            if (compact.length() < text.length()) {
                return withoutLineEnds(text, compact);
            }
            throw illegal(text);
        }
    }

    private static byte[] withoutLineEnds(String text, String compact) {
        try {
            return strict(compact);
        } catch (IllegalArgumentException _) {
            throw illegal(text);
        }
    }

    private static byte[] strict(String text) {
        if (text.length() % GROUP != 0) {
            throw new IllegalArgumentException("no whole number of groups");
        }
        return Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static InvalidRequest illegal(String text) {
        return new InvalidRequest("illegal base64 data at input byte " + firstBad(text));
    }

    /** Where Go stops: at the first character outside the alphabet, or where padding is missing or misplaced. */
    private static int firstBad(String text) {
        var inGroup = 0;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '=') {
                return badPadding(text, i, inGroup);
            }
            if (!isLineEnd(c)) {
                if (!(c < 0x80 && (Character.isLetterOrDigit(c) || c == '+' || c == '/'))) {
                    return i;
                }
                inGroup = (inGroup + 1) % GROUP;
            }
        }
        return text.length() - inGroup;
    }

    /** Padding fills a group of which two or three characters are there, and nothing follows it. */
    private static int badPadding(String text, int at, int inGroup) {
        if (inGroup < 2) {
            return at;
        }
        var next = skipLineEnds(text, at + 1);
        if (inGroup == 3) {
            return next;
        }
        if (next == text.length()) {
            return next;
        }
        return text.charAt(next) == '=' ? skipLineEnds(text, next + 1) : next - 1;
    }

    private static int skipLineEnds(String text, int from) {
        var at = from;
        while (at < text.length() && isLineEnd(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
