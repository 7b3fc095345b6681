// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

import java.util.ArrayList;
import java.util.function.IntConsumer;

/** Character classes and escapes of regular expressions. */
final class PatternClass {
    private final int[] text;
    private final boolean wanted;
    private int at;

    /**
     * @param at behind the opening bracket
     * @param wanted whether what is matched is let through; what is not is kept out
     */
    PatternClass(int[] text, int at, boolean wanted) {
        this.text = text;
        this.at = at;
        this.wanted = wanted;
    }

    /** The set; tells where the text goes on. */
    CharSet read(IntConsumer end) throws PatternSyntax {
        boolean negated = at < text.length && text[at] == '^';
        at += negated ? 1 : 0;
        // Put together at the end: one by one costs the square of their number, and strangers write long classes.
        var members = new ArrayList<CharSet>();
        boolean wide = negated == wanted;
        while (at < text.length && text[at] != ']') {
            var from = member(wide);
            boolean range = at + 1 < text.length && text[at] == '-' && text[at + 1] != ']';
            if (range) {
                at++;
                var to = member(wide);
                int first = only(from);
                int last = only(to);
                if (first > last) {
                    throw new PatternSyntax("a range of characters ends before it begins");
                }
                members.add(CharSet.of(first, last));
            } else {
                members.add(from);
            }
        }
        if (at >= text.length) {
            throw new PatternSyntax("a character class is not closed");
        }
        end.accept(at + 1);
        var set = CharSet.anyOf(members);
        var chosen = negated ? set.not() : set;
        if (chosen.isEmpty()) {
            throw new PatternSyntax("a character class has no character");
        }
        return chosen;
    }

    private static int only(CharSet set) throws PatternSyntax {
        var range = set.ranges().getFirst();
        if (set.ranges().size() > 1 || range.from() != range.to()) {
            throw new PatternSyntax("a range of characters ends in a class");
        }
        return range.from();
    }

    private CharSet member(boolean wide) throws PatternSyntax {
        return text[at] == '\\' ? escape(text, at, true, wide, next -> at = next) : CharSet.of(text[at++]);
    }

    /**
     * What an escape stands for.
     *
     * @param at of its backslash
     * @param wide whether {@code \s} is all that may be a space, or just what always is: dialects differ
     * @param end is told where the text goes on
     */
    static CharSet escape(int[] text, int at, boolean inClass, boolean wide, IntConsumer end) throws PatternSyntax {
        if (at + 1 >= text.length) {
            throw new PatternSyntax("it ends with a backslash");
        }
        int c = text[at + 1];
        end.accept(at + 2);
        return switch (c) {
            case 'd' -> CharSet.DIGITS;
            case 'D' -> CharSet.DIGITS.not();
            case 'w' -> CharSet.WORD;
            case 'W' -> CharSet.WORD.not();
            case 's' -> wide ? CharSet.SPACES : CharSet.PLAIN_SPACES;
            case 'S' -> (wide ? CharSet.PLAIN_SPACES : CharSet.SPACES).not();
            case 't' -> CharSet.of('\t');
            case 'n' -> CharSet.of('\n');
            case 'r' -> CharSet.of('\r');
            case 'f' -> CharSet.of('\f');
            case 'v' -> CharSet.of(0x0B);
            case '0' -> CharSet.of(0);
            case 'x' -> CharSet.of(hex(text, at + 2, 2, end));
            case 'u' -> unicode(text, at + 2, end);
            case 'b' -> {
                if (inClass) {
                    yield CharSet.of('\b');
                }
                throw new PatternSyntax("it has a word boundary");
            }
            case 'c' -> {
                int letter = at + 2 < text.length ? text[at + 2] : 0;
                if (Character.isLetter(letter) && letter < 0x80) {
                    end.accept(at + 3);
                    yield CharSet.of(letter % 32);
                }
                throw new PatternSyntax("it has an escape that is none: \\c");
            }
            default -> {
                if (c < 0x80 && Character.isLetterOrDigit(c)) {
                    throw new PatternSyntax("the escape \\" + Character.toString(c) + " is not known here");
                }
                yield CharSet.of(c);
            }
        };
    }

    private static CharSet unicode(int[] text, int at, IntConsumer end) throws PatternSyntax {
        if (at < text.length && text[at] == '{') {
            int close = at;
            while (close < text.length && text[close] != '}') {
                close++;
            }
            int codePoint = hex(text, at + 1, close - at - 1, end);
            end.accept(close + 1);
            return CharSet.of(codePoint);
        }
        int unit = hex(text, at, 4, end);
        boolean pair = Character.isHighSurrogate((char) unit)
                && at + 5 < text.length
                && text[at + 4] == '\\'
                && text[at + 5] == 'u';
        return CharSet.of(pair ? Character.toCodePoint((char) unit, (char) hex(text, at + 6, 4, end)) : unit);
    }

    private static int hex(int[] text, int at, int digits, IntConsumer end) throws PatternSyntax {
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = i < text.length ? Character.digit(text[i], 16) : -1;
            if (digit < 0 || value > CharSet.LAST >> 4) {
                throw new PatternSyntax("it has an escape with wrong digits");
            }
            value = value * 16 + digit;
        }
        if (digits < 1 || value > CharSet.LAST) {
            throw new PatternSyntax("it has an escape with wrong digits");
        }
        end.accept(at + digits);
        return value;
    }
}
