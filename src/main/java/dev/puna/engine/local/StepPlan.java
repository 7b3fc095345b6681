// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.speculation.GuessPlan;
import dev.puna.engine.speculation.Guesser;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Decides by {@linkplain StepCosts what steps cost} how many sequences generate in one, and how much of a prompt is read beside them.
 *
 * <p><b>Threads:</b> the decode loop's.
 */
final class StepPlan {

    private static final Logger LOG = Logger.getLogger(StepPlan.class);

    /** A running stream waits no longer than this for a prompt, or than so many times its usual gap. */
    private static final double LONGEST_GAP = 100e6;

    private static final double GAPS = 3;

    /** What of the longest gap is planned for: a step may take a little longer than expected. */
    private static final double AIM = 0.9;

    /** Fewer tokens in a step may take this much longer for each, else a whole tile is read, for so many times longer than planned. */
    private static final double SLOWED = 1.15;

    private static final double LONGER = 6;

    private static final int MOST_TILES = 1 << 16;

    /** Prompt tokens of a step while it is not known how long they take. */
    private static final int FIRST_SHARE = 32;

    /** Fewer tokens than this take a processor nearly as long as so many. */
    private static final int LEAST_SHARE = 8;

    /** Fewer rows must be cheaper than more by this much: with more of them, tokens come more evenly. */
    private static final double MARGIN = 0.97;

    /** What of all time may be lost with numbers of rows that seem to be worse and are tried again. */
    private static final double TRIED_AGAIN = 0.01;

    private final StepCosts costs;
    private final GuessPlan guesses;
    private double lastTrial;
    private int loggedOf;
    private int logged;

    StepPlan(StepCosts costs) {
        this.costs = costs;
        this.guesses = new GuessPlan(costs);
    }

    /** How many guesses each sequence of the next step tries: {@link GuessPlan#choose}. */
    int guesses(List<Guesser> guessers, int most) {
        return guesses.choose(guessers, most);
    }

    /** How many of the sequences that generate go together in the next step, the others after them in their turn. */
    int together(int generating) {
        var best = best(generating);
        log(generating, best);
        var tried = oldest(generating, best);
        if (tried == 0) {
            return best;
        }
        var lost = (costs.perRow(tried) - costs.perRow(best)) * tried;
        if (lost > TRIED_AGAIN * (costs.spent() - lastTrial)) {
            return best;
        }
        lastTrial = costs.spent();
        return tried;
    }

    /** How many of so many give the most tokens in a time, as far as is known. */
    int best(int generating) {
        var best = generating;
        var cost = costs.perRow(generating);
        for (var rows = StepCosts.below(generating); rows > 0; rows = StepCosts.below(rows)) {
            var other = costs.perRow(rows);
            if (other < MARGIN * cost) {
                best = rows;
                cost = other;
            }
        }
        return best;
    }

    /**
     * How many tokens of prompts or of an image to take into a step beside sequences that generate.
     *
     * @param round what there is to be done until each of those has had its turn
     * @param here how many of them generate in this step; 0 if none
     * @param wanted tokens that are left to be read
     * @param cells tokens that the cache holds
     */
    int share(StepRound round, int here, int wanted, int cells) {
        var few = costs.perToken(cells, false);
        if (few == 0) {
            return FIRST_SHARE;
        }
        var usual = round(round.together()) + round(1) * round.apart();
        for (var other : round.others()) {
            usual += round(other);
        }
        var others = here == 0 ? usual : usual - round(here);
        var longest = Math.max(LONGEST_GAP, GAPS * usual);
        var time = (AIM * longest - others) / Math.max(round.readers(), 1);
        var tiles = here + wanted < StepCosts.TILE ? 0 : tiles(time, few, costs.perToken(cells, true));
        var tokens = tiles > 0 ? tiles * StepCosts.TILE : time / few;
        return (int) Math.max(LEAST_SHARE, Math.min(tokens - here, Integer.MAX_VALUE));
    }

    /** How many whole tiles to read in a time, and so fast: one that takes longer if fewer tokens would slow the prompt down. */
    private static int tiles(double time, double few, double tiled) {
        var tile = StepCosts.TILE * tiled;
        var fit = (int) Math.min(time / tile, MOST_TILES);
        return fit == 0 && few > SLOWED * tiled && tile < LONGER * time ? 1 : fit;
    }

    /** Records a step that was done: {@link StepCosts#took}. */
    void took(int generating, int reading, int cells, long nanos) {
        costs.took(generating, reading, cells, nanos);
    }

    /** What is known, for a log. */
    @Override
    public String toString() {
        return costs.toString();
    }

    /** Nanoseconds until each of so many has generated a token. */
    private double round(int generating) {
        return generating == 0 ? 0 : generating * costs.perRow(best(generating));
    }

    private void log(int generating, int together) {
        if (generating != loggedOf || together != logged) {
            LOG.debugf("step.plan generating=%d together=%d ms %s", generating, together, costs);
            loggedOf = generating;
            logged = together;
        }
    }

    /** The number of rows whose cost has not been measured for longest; 0 if none is old. */
    private int oldest(int generating, int best) {
        var oldest = 0;
        for (var rows = generating; rows > 0; rows = StepCosts.below(rows)) {
            var candidate = rows != best && costs.isOld(rows);
            if (candidate && (oldest == 0 || costs.lastTrial(rows) < costs.lastTrial(oldest))) {
                oldest = rows;
            }
        }
        return oldest;
    }
}
