// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads {@code name=value} and {@code name="value"} of a challenge, whatever stands between them, in one pass and without recursion,
 * since registries are strangers. <b>Threads:</b> one; for one use.
 */
final class ChallengeParameters {
    private static final int LONGEST_NAME = 50;

    private final String text;
    private final Map<String, String> found = new TreeMap<>();
    private int at;

    ChallengeParameters(String text) {
        this.text = text;
    }

    /** The values by their names in small letters; of a name given twice the first counts. */
    Map<String, String> read() {
        while (at < text.length()) {
            var start = at;
            while (at < text.length() && isOfName(text.charAt(at))) {
                at++;
            }
            var name = text.substring(start, at);
            skipSpace();
            if (at < text.length() && text.charAt(at) == '=' && !name.isEmpty()) {
                at++;
                skipSpace();
                var value = isAt('"') ? quoted() : plain();
                if (name.length() <= LONGEST_NAME) {
                    found.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
                }
            } else if (at < text.length() && !isOfName(text.charAt(at))) {
                at++;
            }
        }
        return found;
    }

    /** The text between quotes, of which a backslash makes the next character plain; nothing if it is not closed. */
    private String quoted() {
        var value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at));
        }
        if (at == text.length()) {
            return "";
        }
        at++;
        return value.toString();
    }

    private String plain() {
        var start = at;
        while (at < text.length() && ",\"".indexOf(text.charAt(at)) < 0 && !isSpace(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isOfName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
