// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** A model whose steps take what a function says, planned by what {@link StepPlan} has learnt of it. */
final class SimulatedSteps {

    /** Milliseconds of steps by their rows: each row takes as long as one alone. */
    static final IntToDoubleFunction LINEAR = rows -> 6 * rows;

    /** As Qwen2.5 0.5B takes them with llamafile's sgemm: from two to seven rows they are slower together. */
    static final IntToDoubleFunction CLIFF = rows -> rows == 1 ? 19.6 : rows < 8 ? 45 + 15 * rows : 10 + 14 * rows;

    /** As a GPU does. */
    static final IntToDoubleFunction FLAT = rows -> 8 + 0.01 * rows;

    final StepCosts costs = new StepCosts();
    final StepPlan plan = new StepPlan(costs);
    private final Random random;
    private final double noise;
    private IntToDoubleFunction cost;
    private double now;
    private boolean tiled;

    /**
     * @param cost milliseconds of a step by its tokens
     * @param noise by what part of them steps differ; every fiftieth takes five times as long
     */
    SimulatedSteps(IntToDoubleFunction cost, double noise, long seed) {
        this.cost = cost;
        this.noise = noise;
        this.random = new Random(seed);
    }

    /** From now on steps have an attention as on a processor, where only whole tiles are fast. */
    void attendsInTiles() {
        tiled = true;
    }

    private double attention(int tokens, int cells) {
        var rows = tokens < 64 ? 3.5 * tokens : 64 * Math.ceilDiv(tokens, 64);
        return tiled ? rows * (cells + tokens / 2.0) * 0.002 : 0;
    }

    void becomes(IntToDoubleFunction other) {
        cost = other;
    }

    /** What streams got in so many steps: tokens in a second, the fewest and the most of one, the longest wait in steps. */
    record Outcome(double rate, int fewest, int most, int longestWait) {}

    Outcome generate(int streams, int steps) {
        var turns = new ArrayDeque<Integer>();
        var got = new int[streams];
        var last = new int[streams];
        for (var stream = 0; stream < streams; stream++) {
            turns.add(stream);
        }
        var begun = now;
        var tokens = 0;
        var longest = 0;
        for (var step = 1; step <= steps; step++) {
            var together = plan.together(streams);
            for (var i = 0; i < together; i++) {
                var stream = turns.remove();
                turns.add(stream);
                got[stream]++;
                longest = Math.max(longest, step - last[stream]);
                last[stream] = step;
            }
            tokens += together;
            took(together, 0, 0);
        }
        var fewest = Integer.MAX_VALUE;
        var most = 0;
        for (var each : got) {
            fewest = Math.min(fewest, each);
            most = Math.max(most, each);
        }
        return new Outcome(tokens * 1e3 / (now - begun), fewest, most, longest);
    }

    /** One step; tells the milliseconds it took. */
    double took(int generating, int reading, int cells) {
        var tokens = generating + reading;
        var exact = cost.applyAsDouble(tokens) * (1 + (reading > 0 && !tiled ? cells / 4e3 : 0))
                + (reading > 0 ? attention(tokens, cells) : 0);
        var millis = exact * (1 + noise * random.nextGaussian()) * (noise > 0 && random.nextInt(50) == 0 ? 5 : 1);
        millis = Math.max(millis, exact / 2);
        now += millis;
        plan.took(generating, reading, cells, (long) (millis * 1e6));
        return millis;
    }
}
