// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.speculation;

import java.util.List;

/**
 * Decides how many guesses the next step tries: as many as give the most tokens in a time, by what steps cost and how often guesses
 * come true, and none unless that gains something.
 *
 * <p><b>Threads:</b> one at a time.
 */
public final class GuessPlan {

    /** What is to be gained at least, beside none. */
    private static final double GAIN = 1.05;

    /** What a sequence beside others gets at least, of what it got without guesses. */
    private static final double LEAST = 0.98;

    /** What of all time may be lost with numbers of rows that seem to cost too much and are tried again, if so many tokens may come. */
    private static final double TRIED_AGAIN = 0.01;

    private static final double PROMISE = 1.5;

    private final RowCosts costs;
    private double lastTrial;

    public GuessPlan(RowCosts costs) {
        this.costs = costs;
    }

    /**
     * How many guesses each sequence tries in the next step, if it has as many.
     *
     * @param guessers of all sequences of the step
     * @param most guesses of all of them together
     */
    public int choose(List<Guesser> guessers, int most) {
        var plain = costs.step(guessers.size());
        if (plain == 0) {
            return 0;
        }
        var best = 0;
        var rate = GAIN * guessers.size() / plain;
        var old = 0;
        var lost = Double.POSITIVE_INFINITY;
        var rows = guessers.size();
        for (var each = 1; each <= Guesser.MOST; each++) {
            var more = rows(guessers, each);
            if (more == rows || more > guessers.size() + most) {
                break;
            }
            rows = more;
            var cost = costs.step(rows);
            var tokens = tokens(guessers, each);
            if (least(guessers, each) * plain >= LEAST * cost && tokens / cost > rate) {
                best = each;
                rate = tokens / cost;
            }
            var loss = cost - plain * tokens / guessers.size();
            if (costs.isOld(rows) && tokens > PROMISE * guessers.size() && loss < lost) {
                old = each;
                lost = loss;
            }
        }
        return best > 0 || old == 0 || lost > TRIED_AGAIN * (costs.spent() - lastTrial) ? best : trial(old);
    }

    private int trial(int each) {
        lastTrial = costs.spent();
        return each;
    }

    private static int rows(List<Guesser> guessers, int each) {
        var rows = guessers.size();
        for (var guesser : guessers) {
            rows += Math.min(each, guesser.count());
        }
        return rows;
    }

    private static double tokens(List<Guesser> guessers, int each) {
        var tokens = 0.0;
        for (var guesser : guessers) {
            tokens += guesser.expected(Math.min(each, guesser.count()));
        }
        return tokens;
    }

    private static double least(List<Guesser> guessers, int each) {
        var least = Double.POSITIVE_INFINITY;
        for (var guesser : guessers) {
            least = Math.min(least, guesser.expected(Math.min(each, guesser.count())));
        }
        return least;
    }
}
