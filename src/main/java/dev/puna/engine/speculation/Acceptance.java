// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.speculation;

/**
 * How often guesses come true, by how many tokens before them are those that stood before the source of the guess: learnt from the
 * last thirty or so of each kind, with an expectation to begin with that two or three outcomes outweigh.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class Acceptance {

    /** What is expected at first of guesses after 0 or 1, 2, 3, 4 to 7, 8 to 15 and more tokens that are the same. */
    private static final double[] EXPECTED = {0.2, 0.25, 0.35, 0.55, 0.8, 0.9};

    /** How many outcomes the first expectation counts as. */
    private static final double WEIGHT = 2;

    /** What an outcome weighs after another one. */
    private static final double FADES = 0.97;

    private final double[] hits = new double[EXPECTED.length];
    private final double[] outcomes = new double[EXPECTED.length];

    /** Records whether a guess came true. */
    void note(int matched, boolean hit) {
        var kind = kind(matched);
        hits[kind] = FADES * hits[kind] + (hit ? 1 : 0);
        outcomes[kind] = FADES * outcomes[kind] + 1;
    }

    /** The probability that a guess comes true. */
    double of(int matched) {
        var kind = kind(matched);
        return (hits[kind] + WEIGHT * EXPECTED[kind]) / (outcomes[kind] + WEIGHT);
    }

    private static int kind(int matched) {
        if (matched < 4) {
            return Math.max(matched - 1, 0);
        }
        return matched < 8 ? 3 : matched < 16 ? 4 : 5;
    }
}
