// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import java.util.function.IntToLongFunction;

/**
 * How many of a conversation's oldest turns have to go for the rest to fit: fewer turns never make more tokens.
 *
 * <p>To count tokens is to render a conversation, so the search begins where the length of the turns says that the end must be, and
 * learns from each rendering how many tokens such a length has. What it tries is not many times longer than what fits, but for the
 * one turn that does not fit any more.
 */
final class OldestTurns {
    /** What a length is taken for at first, in tokens: so few that what might fit is tried. */
    private static final double FEWEST_TOKENS = 0.25;

    /** Guesses between two steps that are sure to make the range smaller. */
    private static final int GUESSES = 2;

    private final IntToLongFunction left;
    private final long most;

    /**
     * @param left length of what is left without so many turns, in any unit near a token, at least one less for each turn
     * @param most tokens that fit
     */
    OldestTurns(IntToLongFunction left, long most) {
        this.left = left;
        this.most = most;
    }

    /**
     * The fewest, from 0 on, with which the rest fits; all that may go if it fits with none.
     *
     * @param droppable how many may go
     * @param tokens how many tokens the rest has without so many turns; if they are too many, an estimate will do
     */
    int fewest(int droppable, IntToLongFunction tokens) {
        var low = 0;
        var high = droppable;
        var tokensOfALength = FEWEST_TOKENS;
        if (left.applyAsLong(droppable) > most / FEWEST_TOKENS && tokens.applyAsLong(droppable) > most) {
            return droppable;
        }
        for (var tried = 0; low < high; tried++) {
            var longest = tried % (GUESSES + 1) < GUESSES
                    ? most / tokensOfALength
                    : Math.sqrt((double) left.applyAsLong(low) * left.applyAsLong(high));
            var dropped = firstNotLonger(longest, low, high - 1);
            var found = tokens.applyAsLong(dropped);
            tokensOfALength = Math.max(1, found) / (double) Math.max(1, left.applyAsLong(dropped));
            if (found <= most) {
                high = dropped;
            } else {
                low = dropped + 1;
            }
        }
        return low;
    }

    /** The fewest turns without which the rest is no longer than that; {@code high} if there are none. */
    private int firstNotLonger(double longest, int low, int high) {
        var from = low;
        var to = high;
        while (from < to) {
            var middle = (from + to) >>> 1;
            if (left.applyAsLong(middle) <= longest) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }
}
