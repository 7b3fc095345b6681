// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

/** Looks at texts as Go does. */
final class TextTail {
    private TextTail() {}

    /** Length of the longest end of the text that is a beginning of the tag, but not all of it. */
    static int beginningOf(String tag, CharSequence text) {
        for (var length = Math.min(tag.length() - 1, text.length()); length > 0; length--) {
            if (tag.startsWith(
                    text.subSequence(text.length() - length, text.length()).toString())) {
                return length;
            }
        }
        return 0;
    }

    /** The text without the white space before it. */
    static String withoutLeadingSpace(String text) {
        var start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    /** What Go's {@code unicode.IsSpace} takes for white space. */
    private static boolean isSpace(char c) {
        return c < 0x80 ? c == ' ' || (c >= '\t' && c <= '\r') : c == 0x85 || Character.isSpaceChar(c);
    }
}
