// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.speculation.RowCosts;

/**
 * How long the steps of one model take, learnt from those it took.
 *
 * <p>Of steps in which sequences generate it knows the time for a row, by the number of rows; of steps that read prompts the time for a
 * token, by how much the cache holds: of many tokens each takes about as long as the next, but longer the more is looked back at. What
 * was not tried is expected to be a little cheaper than what was, so it is tried. Slow steps count less than fast ones: on a busy
 * machine any step may take long, and only fast ones tell what it costs. <b>Threads:</b> the decode loop's.
 */
class StepCosts implements RowCosts {

    /** Up to so many rows each number is measured by itself, beyond two ranges in each octave are. */
    private static final int EXACT = 8;

    private static final int RANGES = 20;

    /**
     * Tokens of which llama.cpp computes the attention together on a processor: of fewer it takes more than twice as long for each, once
     * the cache is long. Source: {@code GGML_FA_TILE_Q} in ggml-cpu/common.h; measured in src/docs/load.md.
     */
    static final int TILE = 64;

    /** What each token of a tile is expected to take of a token of fewer, before it was tried. */
    private static final double TILED_HOPE = 0.8;

    /** Lengths of the cache: up to 512 tokens, then by octaves. */
    private static final int LENGTHS = 10;

    /** Of so many first steps the fastest counts: memory that is touched for the first time, or a busy machine, slows one down. */
    private static final int TRIALS = 2;

    /** More guesses than were ever tried are expected to take so much of what each row took so far. */
    private static final double MORE_GUESSES = 0.5;

    /** What was not tried is expected to take so much of what was. */
    private static final double HOPE = 0.95;

    /** A step that takes longer than so many times what was expected counts as one that takes so much. */
    private static final double OUTLIER = 2;

    /** What is tried again and takes less than so much of what it took has become cheap, and so may have all that was not tried for as long. */
    private static final double CHEAP = 0.75;

    /** A cost that was measured so many steps ago or earlier may have changed. */
    private static final int OLD = 64;

    private static final double FALL = 0.3;
    private static final double RISE = 0.15;

    private final double[] row = new double[RANGES];
    private final int[] trials = new int[RANGES];
    private final long[] lastTrial = new long[RANGES];

    /** Of steps that have less than a tile, and of others, by the length of the cache. */
    private final double[][] token = new double[2][LENGTHS];

    /** What a token of fewer than a tile was thought to take when whole tiles were measured last: both grow with the cache. */
    private final double[] fewThen = new double[LENGTHS];

    private long steps;
    private double spent;

    /**
     * Records a step that was done.
     *
     * @param generating rows of sequences that generate
     * @param reading tokens of prompts or images
     * @param cells tokens that the cache holds
     * @param nanos the time it took, without the wait for a turn
     */
    void took(int generating, int reading, int cells, long nanos) {
        steps++;
        spent += nanos;
        if (reading > 0) {
            read(generating + reading, cells, nanos);
        } else {
            generated(generating, nanos / (double) generating);
        }
    }

    /** What few tokens or the last tile, partly filled, take for each is not what one wants to know. */
    private void read(int tokens, int cells, long nanos) {
        var kind = tokens < TILE ? 0 : 1;
        var now = nanos / (double) tokens;
        var known = nearest(kind, cells);
        var partly = tokens < EXACT || (kind == 1 && tokens % TILE != 0 && tokens < 3 * TILE);
        if (partly && known > 0) {
            return;
        }
        var length = length(cells);
        if (kind == 1) {
            fewThen[length] = nearest(0, cells);
        }
        if (token[kind][length] == 0) {
            token[kind][length] = known == 0 ? now : Math.min(now, OUTLIER * known);
        } else {
            token[kind][length] = mixed(token[kind][length], now, FALL);
        }
    }

    private void generated(int rows, double now) {
        var range = range(rows);
        if (trials[range] > 0 && old(range) && now < CHEAP * row[range]) {
            forgetOld();
        }
        row[range] = switch (trials[range]) {
            case 0 -> now;
            case 1 -> Math.min(row[range], now);
            default -> mixed(row[range], now, RISE);
        };
        trials[range] = Math.min(trials[range] + 1, TRIALS);
        lastTrial[range] = steps;
    }

    private void forgetOld() {
        for (var range = 0; range < RANGES; range++) {
            if (old(range)) {
                trials[range] = 0;
            }
        }
    }

    private boolean old(int range) {
        return steps - lastTrial[range] > OLD;
    }

    /** Nanoseconds for each row of a step of so many; 0 while nothing is known. */
    double perRow(int rows) {
        var range = range(rows);
        if (trials[range] >= TRIALS) {
            return row[range];
        }
        var hoped = hoped(range, rows);
        return trials[range] == 0 ? hoped : hoped == 0 ? row[range] : Math.min(row[range], hoped);
    }

    /** Between numbers of rows that were tried it grows evenly, beyond them more slowly: guesses are worth a try, but not at any price. */
    @Override
    public double step(int rows) {
        var range = range(rows);
        if (trials[range] >= TRIALS) {
            return rows * row[range];
        }
        var below = tried(range, -1);
        if (below < 0) {
            return trials[range] * rows * row[range];
        }
        var less = most(below);
        var above = tried(range, 1);
        var more = above < 0 ? 2 * less : most(above - 1) + 1;
        var added = above < 0 ? MORE_GUESSES * less * row[below] : more * row[above] - less * row[below];
        var expected = less * row[below] + added * (rows - less) / (more - less);
        return trials[range] == 0 ? expected : Math.min(rows * row[range], expected);
    }

    /** The nearest range that was tried, up or down; -1 if there is none. */
    private int tried(int from, int direction) {
        for (var range = from + direction; range >= 0 && range < RANGES; range += direction) {
            if (trials[range] > 0) {
                return range;
            }
        }
        return -1;
    }

    /**
     * Nanoseconds for each token of a step that reads, with so much in the cache; 0 while nothing is known.
     *
     * @param tiles whether the step has as many tokens as some {@link #TILE}s, or fewer than one
     */
    double perToken(int cells, boolean tiles) {
        var few = nearest(0, cells);
        var many = nearest(1, cells);
        if (!tiles) {
            return few > 0 ? few : many;
        }
        var length = length(cells);
        if (few > 0 && token[1][length] > 0 && fewThen[length] > 0) {
            return many * few / fewThen[length];
        }
        if (few == 0 || token[1][length] > 0 || (many > 0 && length == 0)) {
            return many;
        }
        return many > 0 ? Math.min(many, TILED_HOPE * few) : (length == 0 ? 1 : TILED_HOPE) * few;
    }

    /** What is known of the nearest length of the cache. */
    private double nearest(int kind, int cells) {
        var length = length(cells);
        for (var distance = 0; distance < LENGTHS; distance++) {
            var shorter = length - distance;
            if (shorter >= 0 && token[kind][shorter] > 0) {
                return token[kind][shorter];
            }
            var longer = length + distance;
            if (longer < LENGTHS && token[kind][longer] > 0) {
                return token[kind][longer];
            }
        }
        return 0;
    }

    /** The step in which so many rows were measured last. */
    long lastTrial(int rows) {
        return lastTrial[range(rows)];
    }

    /** Whether that is so long ago that it may have changed. */
    @Override
    public boolean isOld(int rows) {
        return old(range(rows));
    }

    /** Nanoseconds of all steps. */
    @Override
    public double spent() {
        return spent;
    }

    /** The next smaller number of rows that is worth a thought: the most of its range; 0 if there is none. */
    static int below(int rows) {
        if (rows <= EXACT) {
            return rows - 1;
        }
        var octave = Integer.highestOneBit(rows - 1);
        return rows - 1 >= octave * 3 / 2 ? octave * 3 / 2 : octave;
    }

    /** What is known, for a log: milliseconds of steps by their rows, and of a token that is read. */
    @Override
    public String toString() {
        var text = new StringBuilder("rows");
        for (var range = 0; range < RANGES; range++) {
            if (trials[range] > 0) {
                append(text, range < EXACT ? range + 1 : most(range), row[range]);
            }
        }
        append(text.append(" token"), token[0]);
        append(text.append(" tiled"), token[1]);
        return text.toString();
    }

    private static void append(StringBuilder text, double[] byLength) {
        for (var length = 0; length < LENGTHS; length++) {
            if (byLength[length] > 0) {
                append(text, 512 << length, byLength[length]);
            }
        }
    }

    private static void append(StringBuilder text, int number, double nanos) {
        text.append(' ').append(number).append(':').append(Math.round(nanos / 1e4) / 1e2);
    }

    /** More rows than were ever tried may take no more time; fewer may be cheaper than any that were. */
    private double hoped(int range, int rows) {
        var most = 0;
        var cheapest = 0.0;
        for (var tried = 0; tried < RANGES; tried++) {
            if (tried != range && trials[tried] > 0) {
                most = tried;
                cheapest = cheapest == 0 ? row[tried] : Math.min(cheapest, row[tried]);
            }
        }
        return range > most ? row[most] * Math.min(most(most), rows - 1) / rows : HOPE * cheapest;
    }

    private static double mixed(double known, double now, double rise) {
        return now < known ? known + FALL * (now - known) : known + rise * (Math.min(now, OUTLIER * known) - known);
    }

    private static int range(int rows) {
        if (rows <= EXACT) {
            return rows - 1;
        }
        var octave = 31 - Integer.numberOfLeadingZeros(rows - 1);
        var upper = rows - 1 >= (3 << octave) / 2 ? 1 : 0;
        return Math.min(EXACT + 2 * (octave - 3) + upper, RANGES - 1);
    }

    private static int most(int range) {
        if (range < EXACT) {
            return range + 1;
        }
        var octave = 3 + (range - EXACT) / 2;
        return (range - EXACT) % 2 == 0 ? (3 << octave) / 2 : 2 << octave;
    }

    private static int length(int cells) {
        return Math.min(32 - Integer.numberOfLeadingZeros(Math.max(cells - 1, 0) >> 9), LENGTHS - 1);
    }
}
