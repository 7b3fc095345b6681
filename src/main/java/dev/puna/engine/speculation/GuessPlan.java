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
    private static final double GAIN = 1.15;

    /** What a sequence beside others gets at least, of what it got without guesses. */
    private static final double LEAST = 0.98;

    /** What of all time may be lost with numbers of rows that seem to cost too much and are tried again. */
    private static final double TRIED_AGAIN = 0.01;

    /** Of how many times as many tokens, if all goes well. */
    private static final double PROMISE = 1.3;

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
        for (var each = 1; isPossible(guessers, each, most); each++) {
            var cost = costs.step(rows(guessers, each));
            var faster = tokens(guessers, each) / cost;
            if (faster > rate && least(guessers, each) * plain >= LEAST * cost) {
                best = each;
                rate = faster;
            }
        }
        return tried(guessers, most, best, best == 0 ? rate / GAIN : rate);
    }

    /** Another number that may give far more tokens, if nobody knows any more what it costs and little is lost by it; else the best. */
    private int tried(List<Guesser> guessers, int most, int best, double rate) {
        var tried = best;
        var lost = TRIED_AGAIN * (costs.spent() - lastTrial);
        var promise = PROMISE * tokens(guessers, best);
        for (var each = best + 1; isPossible(guessers, each, most); each++) {
            var rows = rows(guessers, each);
            var tokens = tokens(guessers, each);
            var loss = costs.step(rows) - tokens / rate;
            if (costs.isOld(rows) && tokens > promise && loss < lost) {
                tried = each;
                lost = loss;
            }
        }
        if (tried != best) {
            lastTrial = costs.spent();
        }
        return tried;
    }

    /** Whether somebody has so many guesses, and all together not too many. */
    private static boolean isPossible(List<Guesser> guessers, int each, int most) {
        var rows = rows(guessers, each);
        return rows > rows(guessers, each - 1) && rows <= guessers.size() + most;
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
