// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Places where a long text can be cut so that its parts have the tokens of the whole: before a special token, else between two words
 * around which the tokens are the same whether they are made of the whole or of the parts. <b>Threads:</b> any.
 */
final class TextCuts {
    /** Letters on each side of a cut in which its tokens are compared; words and what merges across them are shorter. */
    private static final int AROUND = 64;

    /** Words that are tried before any letter will do, and letters before none does. */
    private static final int TRIES = 16;

    /** Letters between those that are tried. */
    private static final int STRIDE = 61;

    private final Supplier<SpecialTexts> specials;
    private final Tokens tokens;

    /** Makes tokens of a part of a text, without those that begin and end one. */
    interface Tokens {
        int[] of(String part);
    }

    /**
     * A cut.
     *
     * @param end where the part before it ends
     * @param next where the part after it begins: some vocabularies put the space between two words there by themselves
     */
    record Cut(int end, int next) {}

    /**
     * @param specials asked for once a text has to be cut
     */
    TextCuts(Supplier<SpecialTexts> specials, Tokens tokens) {
        this.specials = specials;
        this.tokens = tokens;
    }

    /** The tokens of a part. */
    int[] tokens(String part) {
        return tokens.of(part);
    }

    /** The last cut after {@code from} and not after {@code to}; at {@code to} if there is no good one, which may cost a token more. */
    Cut last(String text, int from, int to) {
        var specials = this.specials.get();
        var words = 0;
        for (var at = to; at > from; at--) {
            if (specials.parts(text, at)) {
                return new Cut(at, at);
            }
            if (words < TRIES && isBetweenWords(text, at)) {
                words++;
                var next = next(text, at);
                if (next.isPresent()) {
                    return new Cut(at, next.getAsInt());
                }
            }
        }
        for (var tried = 0; tried < TRIES && to - tried * STRIDE > from; tried++) {
            var at = betweenLetters(text, to - tried * STRIDE);
            if (next(text, at).equals(OptionalInt.of(at))) {
                return new Cut(at, at);
            }
        }
        var at = betweenLetters(text, to);
        return new Cut(at, at);
    }

    private static boolean isBetweenWords(String text, int at) {
        var before = text.charAt(at - 1);
        var here = text.charAt(at);
        return here == ' '
                ? isLetter(before) && at + 1 < text.length() && isLetter(text.charAt(at + 1))
                : before == '\n' && isLetter(here);
    }

    private static boolean isLetter(char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    private static int betweenLetters(String text, int at) {
        return Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    }

    /** Where the part after a cut has to begin for the tokens to be the same, if they can be. */
    private OptionalInt next(String text, int at) {
        if (specials.get().touches(text, at)) {
            return OptionalInt.empty();
        }
        var start = Math.max(0, at - AROUND);
        var end = Math.min(text.length(), at + AROUND);
        var whole = tokens.of(text.substring(start, end));
        var before = tokens.of(text.substring(start, at));
        if (isSum(whole, before, tokens.of(text.substring(at, end)))) {
            return OptionalInt.of(at);
        }
        return text.charAt(at) == ' ' && isSum(whole, before, tokens.of(text.substring(at + 1, end)))
                ? OptionalInt.of(at + 1)
                : OptionalInt.empty();
    }

    private static boolean isSum(int[] whole, int[] before, int[] after) {
        return whole.length == before.length + after.length
                && Arrays.equals(whole, 0, before.length, before, 0, before.length)
                && Arrays.equals(whole, before.length, whole.length, after, 0, after.length);
    }
}
