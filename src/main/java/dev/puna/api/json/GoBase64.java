// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.json;

import dev.puna.failure.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Standard base64 as Go's {@code base64.StdEncoding} decodes it: line ends are skipped, padding is required. */
final class GoBase64 {
    private static final int GROUP = 4;

    private GoBase64() {}

    static byte[] decode(String text) {
        try {
            return strict(text);
        } catch (IllegalArgumentException _) {
            var compact = text.replace("\r", "").replace("\n", "");
            if (compact.length() != text.length()) {
                return decode(compact);
            }
            throw new InvalidRequest("illegal base64 data at input byte " + firstBad(text));
        }
    }

    private static byte[] strict(String text) {
        if (text.length() % GROUP != 0) {
            throw new IllegalArgumentException("no whole number of groups");
        }
        return Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Where Go stops: at the first character outside the alphabet, or where padding is missing or misplaced. */
    private static int firstBad(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '=') {
                return badPadding(text, i);
            }
            if (!(c < 0x80 && (Character.isLetterOrDigit(c) || c == '+' || c == '/'))) {
                return i;
            }
        }
        return text.length() / GROUP * GROUP;
    }

    private static int badPadding(String text, int at) {
        var inGroup = at % GROUP;
        if (inGroup < 2) {
            return at;
        }
        if (inGroup == 2 && (at + 1 >= text.length() || text.charAt(at + 1) != '=')) {
            return at + 1;
        }
        return inGroup == 2 ? at + 2 : at + 1;
    }
}
