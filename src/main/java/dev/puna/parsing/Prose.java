// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import java.util.regex.Pattern;

/** Tells sentences from the notation of calls. */
public final class Prose {

    private static final Pattern WORDS = Pattern.compile(
            "(?<![\\p{L}\\p{N}_.])\\p{L}[\\p{L}']*(?:[,;:.!?]?\\s+\\p{L}[\\p{L}']*){2}(?![\\p{L}\\p{N}_])");

    private Prose() {}

    /** Whether three words stand beside each other, outside of tags and quotes. */
    public static boolean in(String text) {
        return WORDS.matcher(withoutNotation(text)).find();
    }

    /** Whether there is a letter outside of tags. */
    static boolean hasWords(String text) {
        return withoutNotation(text).codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** The text behind the last bracket that closes something, or all of it if none does. */
    public static String behindLastBracket(String text) {
        var last = text.length() - 1;
        while (last >= 0 && "}])>".indexOf(text.charAt(last)) < 0) {
            last--;
        }
        return text.substring(last + 1);
    }

    /** The text with a stroke for each tag and each text between quotes; a quote behind a letter is an apostrophe. */
    private static String withoutNotation(String text) {
        var words = new StringBuilder();
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            var apostrophe = c == '\'' && i > 0 && Character.isLetter(text.charAt(i - 1));
            if (c == '<') {
                i = Math.max(i, endOfTag(text, i));
                words.append('|');
            } else if (c == '"' || (c == '\'' && !apostrophe)) {
                i = endOfQuote(text, i);
                words.append('|');
            } else {
                words.append(c);
            }
        }
        return words.toString();
    }

    /** Where a tag's closing bracket is; -1 if it is none. */
    private static int endOfTag(String text, int from) {
        for (var i = from + 1; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '>' || c == '<' || (i == from + 1 && Character.isWhitespace(c))) {
                return c == '>' && i > from + 1 ? i : -1;
            }
        }
        return -1;
    }

    private static int endOfQuote(String text, int from) {
        var i = from + 1;
        while (i < text.length() && text.charAt(i) != text.charAt(from)) {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }
}
