// SPDX-License-Identifier: Apache-2.0
package dev.puna.go;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Go's strings in Java's: one character a byte. Lengths, indexes, slices and the order of strings are then Go's by themselves;
 * where Go looks at code points ("runes"), the bytes are decoded as Go does it, each bad byte a U+FFFD of its own.
 */
public final class GoText {
    /** What stands for bytes that are not UTF-8. */
    public static final int REPLACEMENT = 0xFFFD;

    private static final int CONTINUATION = 0x80;

    private GoText() {}

    /** Bytes of a Java text. */
    public static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /** The Java text of bytes; what is not UTF-8 becomes U+FFFD. */
    public static String text(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }

    /** How many bytes the code point at an index takes: 1 for a bad byte. */
    public static int width(String bytes, int at) {
        var first = bytes.charAt(at);
        if (first < CONTINUATION) {
            return 1;
        }
        var wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || at + wanted > bytes.length()) {
            return 1;
        }
        var second = bytes.charAt(at + 1);
        var lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : CONTINUATION;
        var highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 1;
        }
        for (var i = at + 2; i < at + wanted; i++) {
            if (bytes.charAt(i) < CONTINUATION || bytes.charAt(i) > 0xBF) {
                return 1;
            }
        }
        return wanted;
    }

    /** The code point at an index; U+FFFD for a bad byte. */
    public static int rune(String bytes, int at) {
        var first = bytes.charAt(at);
        return switch (width(bytes, at)) {
            case 2 -> ((first & 0x1F) << 6) | low(bytes, at + 1);
            case 3 -> ((first & 0x0F) << 12) | (low(bytes, at + 1) << 6) | low(bytes, at + 2);
            case 4 ->
                ((first & 0x07) << 18) | (low(bytes, at + 1) << 12) | (low(bytes, at + 2) << 6) | low(bytes, at + 3);
            default -> first < CONTINUATION ? first : REPLACEMENT;
        };
    }

    private static int low(String bytes, int at) {
        return bytes.charAt(at) & 0x3F;
    }

    /** Number of code points. */
    public static int runes(String bytes) {
        var count = 0;
        for (var i = 0; i < bytes.length(); i += width(bytes, i)) {
            count++;
        }
        return count;
    }

    /** Appends a code point's bytes; what is none becomes U+FFFD. */
    public static void append(StringBuilder out, int rune) {
        var valid = rune >= 0 && rune <= Character.MAX_CODE_POINT && (rune < 0xD800 || rune > 0xDFFF);
        if (valid && rune < CONTINUATION) {
            out.append((char) rune);
        } else {
            out.append(bytes(Character.toString(valid ? rune : REPLACEMENT)));
        }
    }

    /** Whether Go would print the code point as it is: letters, marks, numbers, punctuation, symbols, the space. */
    public static boolean printable(int rune) {
        return switch (Character.getType(rune)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> rune == ' ';
            default -> true;
        };
    }
}
