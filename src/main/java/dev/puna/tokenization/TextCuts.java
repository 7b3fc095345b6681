// SPDX-License-Identifier: Apache-2.0
package dev.puna.tokenization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Places where a long text can be cut so that its parts have the tokens of the whole: before a special token, else between two words
 * around which the tokens are the same whether they are made of the whole or of the parts. <b>Threads:</b> any.
 */
public final class TextCuts {
    /** Letters on each side of a cut in which its tokens are compared; words and what merges across them are shorter. */
    private static final int AROUND = 64;

    /** Words that are tried before any letter will do, and letters before none does. */
    private static final int TRIES = 16;

    /** Letters between those that are tried. */
    private static final int STRIDE = 61;

    private final Supplier<SpecialTokens> specials;
    private final Tokens tokens;

    /** Makes tokens of a part of a text, without those that begin and end one. */
    public interface Tokens {
        int[] of(String part);
    }

    /**
     * A cut.
     *
     * @param end where the part before it ends
     * @param next where the part after it begins: some vocabularies put the space between two words there by themselves
     * @param surplus tokens at the beginning of that part which are not there in the whole: such a space where there is none
     */
    record Cut(int end, int next, int surplus) {
        /** The beginning of a text. */
        static final Cut BEGINNING = new Cut(0, 0, 0);
    }

    /**
     * @param specials asked for once a text has to be cut
     */
    public TextCuts(Supplier<SpecialTokens> specials, Tokens tokens) {
        this.specials = specials;
        this.tokens = tokens;
    }

    /** The tokens of the part between a cut and an index. */
    int[] tokens(String text, Cut cut, int end) {
        var part = tokens.of(text.substring(cut.next(), end));
        return Arrays.copyOfRange(part, Math.min(cut.surplus(), part.length), part.length);
    }

    /** The last cut after {@code from} and not after {@code to}; at {@code to} if there is no good one, which may cost a token more. */
    Cut last(String text, int from, int to) {
        var specials = this.specials.get();
        var words = 0;
        for (var at = to; at > from; at--) {
            if (specials.parts(text, at)) {
                return new Cut(at, at, 0);
            }
            if (words < TRIES && isBetweenWords(text, at)) {
                words++;
                var cut = verified(text, at);
                if (cut.isPresent()) {
                    return cut.get();
                }
            }
        }
        for (var tried = 0; tried < TRIES && to - tried * STRIDE > from; tried++) {
            var cut = verified(text, betweenLetters(text, to - tried * STRIDE));
            if (cut.isPresent()) {
                return cut.get();
            }
        }
        var at = betweenLetters(text, to);
        return new Cut(at, at, 0);
    }

    private static boolean isBetweenWords(String text, int at) {
        var before = text.charAt(at - 1);
        var here = text.charAt(at);
        return Character.isWhitespace(here)
                ? !Character.isWhitespace(before)
                : before == '\n' && Character.isLetter(here);
    }

    private static int betweenLetters(String text, int at) {
        return Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    }

    /** A cut there, if the tokens around it are the same with it. */
    private Optional<Cut> verified(String text, int at) {
        if (specials.get().touches(text, at)) {
            return Optional.empty();
        }
        var start = Math.max(0, at - AROUND);
        var end = Math.min(text.length(), at + AROUND);
        var whole = tokens.of(text.substring(start, end));
        var before = tokens.of(text.substring(start, at));
        var cuts = new ArrayList<>(List.of(new Cut(at, at, 0), new Cut(at, at, 1)));
        if (text.charAt(at) == ' ') {
            cuts.add(new Cut(at, at + 1, 0));
        }
        return cuts.stream()
                .filter(cut -> isSum(whole, before, tokens(text, cut, end)))
                .findFirst();
    }

    private static boolean isSum(int[] whole, int[] before, int[] after) {
        return whole.length == before.length + after.length
                && Arrays.equals(whole, 0, before.length, before, 0, before.length)
                && Arrays.equals(whole, before.length, whole.length, after, 0, after.length);
    }
}
