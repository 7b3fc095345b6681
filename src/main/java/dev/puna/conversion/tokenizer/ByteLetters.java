// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes as visible letters, as GPT-2 began it: a byte that is a printable character of Latin-1 stands for itself, each other one has
 * the next letter from U+0100 on.
 */
final class ByteLetters {
    private static final char FIRST_OTHER = 0x100;
    private static final char[] LETTERS = letters();
    private static final short[] BYTES = bytes();

    private ByteLetters() {}

    static String encode(String text) {
        var letters = new StringBuilder();
        for (var value : text.getBytes(StandardCharsets.UTF_8)) {
            letters.append(LETTERS[value & 0xFF]);
        }
        return letters.toString();
    }

    /** The bytes that letters stand for; those of the text itself where one of its characters is no such letter. */
    static byte[] decode(String letters) {
        var bytes = new ByteArrayOutputStream();
        for (var at = 0; at < letters.length(); at++) {
            var letter = letters.charAt(at);
            if (letter >= BYTES.length || BYTES[letter] < 0) {
                return letters.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(BYTES[letter]);
        }
        return bytes.toByteArray();
    }

    private static char[] letters() {
        var letters = new char[256];
        var other = FIRST_OTHER;
        for (var value = 0; value < letters.length; value++) {
            var printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
            letters[value] = printable ? (char) value : other++;
        }
        return letters;
    }

    private static short[] bytes() {
        var bytes = new short[0x180];
        Arrays.fill(bytes, (short) -1);
        for (short value = 0; value < LETTERS.length; value++) {
            bytes[LETTERS[value]] = value;
        }
        return bytes;
    }
}
