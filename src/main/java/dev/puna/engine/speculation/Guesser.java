// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.speculation;

import dev.puna.engine.token.TokenList;

/**
 * Guesses what follows in a sequence: that which followed when its last tokens stood in it before, in the prompt or in the answer.
 *
 * <p>It learns how often its guesses come true by looking at what did follow, whether or not anybody tried them. <b>Borrows</b> the
 * tokens. <b>Threads:</b> one at a time.
 */
public final class Guesser {

    /** The most tokens that are guessed at a time. */
    public static final int MOST = 15;

    /** More tokens than this are not compared. */
    private static final int LONGEST_MATCH = 16;

    /** More places than this are not looked at. */
    private static final int PLACES = 16;

    /** How much of what became of guesses still counts at the next token. */
    private static final double FORGETS = 0.99;

    /** So many guesses must have been tried before their outcome means much. */
    private static final double DOUBT = 2;

    /** What stood before so many tokens that are the same mostly comes even if it is drawn. */
    private static final int SURE = 8;

    private static final int LONG = 4;
    private static final int SHORT = 2;

    private final TokenList tokens;

    /** How many tokens there were when nothing was sampled yet. */
    private final int start;

    private final NgramIndex longRuns = new NgramIndex(LONG);
    private final NgramIndex shortRuns = new NgramIndex(SHORT);
    private final Acceptance acceptance = new Acceptance();

    private final int[] guess = new int[MOST];
    private int count;

    /** How many tokens there were at the last guess, where its source begins, and how many tokens before are the same. */
    private int size;

    private int source;
    private int matched;

    private int made;
    private int accepted;

    /** Of the guesses that were tried lately: how many were expected to come true, and how many did. Only good prospects are tried. */
    private double promised;

    private double kept;

    /** {@code tokens}: of the prompt; those of the answer are added to them. */
    public Guesser(TokenList tokens) {
        this.tokens = tokens;
        this.start = tokens.size();
    }

    /**
     * Guesses what follows the tokens that there are now. Nothing is guessed before the first token of the answer.
     *
     * @param most how many tokens at most
     * @param drawn whether tokens are drawn, and not the likeliest ones: then nothing is guessed unless many tokens before are the same
     * @return how many were guessed
     */
    public int look(int most, boolean drawn) {
        if (size == 0 && tokens.size() <= start) {
            return 0;
        }
        var grown = tokens.size() - size;
        learn(grown);
        promised *= FORGETS;
        kept *= FORGETS;
        longRuns.follow(tokens);
        shortRuns.follow(tokens);
        findSource(source > 0 && grown > 0 ? source + grown : 0);
        fill(drawn && matched < SURE ? 0 : Math.min(most, MOST));
        size = tokens.size();
        return count;
    }

    /** How many tokens are guessed. */
    public int count() {
        return count;
    }

    /** A token that is guessed; the first one follows the last token of the sequence. */
    public int token(int index) {
        return guess[index];
    }

    /** How many tokens a step is expected to give that tries so many guesses: at least 1. */
    public double expected(int guesses) {
        var sum = 1.0;
        var chance = Math.min(1, (kept + DOUBT) / (promised + DOUBT));
        for (var i = 0; i < guesses; i++) {
            chance *= acceptance.of(matched + i);
            sum += chance;
        }
        return sum;
    }

    /** Records that guesses were tried, how many of them. */
    public void tried(int guesses) {
        promised += expected(guesses) - 1;
        made += guesses;
    }

    /** Records that a guess that was tried came true, and is a token of the sequence now. */
    public void hit() {
        kept++;
        accepted++;
    }

    /** How many guesses were tried. */
    public int made() {
        return made;
    }

    /** How many of those came true. */
    public int accepted() {
        return accepted;
    }

    private void learn(int grown) {
        for (var i = 0; i < Math.min(grown, count); i++) {
            var hit = guess[i] == tokens.get(size + i);
            acceptance.note(matched + i, hit);
            if (!hit) {
                return;
            }
        }
    }

    /**
     * Goes on in the source of the last guess; if what came there is not what came here, goes where the last tokens stood before.
     * Where they never did, one token may stand for another, so it goes on all the same.
     */
    private void findSource(int next) {
        source = next < tokens.size() ? next : 0;
        matched = matchedBefore(source);
        if (matched < LONG) {
            search(longRuns);
        }
        if (matched < SHORT) {
            search(shortRuns);
        }
    }

    /** Of the last places the one with the most tokens before it that are the same; of equal ones the last. */
    private void search(NgramIndex index) {
        var found = index.last(tokens);
        for (var i = 0; found > 0 && i < PLACES && matched < LONGEST_MATCH; i++) {
            var better = matchedBefore(found);
            if (better > matched && better >= SHORT) {
                source = found;
                matched = better;
            }
            found = index.earlier(found);
        }
    }

    /** How many tokens before an index are the same as the last ones. */
    private int matchedBefore(int index) {
        var same = 0;
        while (same < LONGEST_MATCH
                && same < index
                && tokens.get(index - 1 - same) == tokens.get(tokens.size() - 1 - same)) {
            same++;
        }
        return same;
    }

    /** What lies behind the end of the sequence is what is guessed to: text that repeats itself goes on doing so. */
    private void fill(int most) {
        count = 0;
        while (source > 0 && count < most) {
            var index = source + count;
            var token = index < tokens.size() ? tokens.get(index) : guess[index - tokens.size()];
            if (token < 0) {
                return;
            }
            guess[count++] = token;
        }
    }
}
