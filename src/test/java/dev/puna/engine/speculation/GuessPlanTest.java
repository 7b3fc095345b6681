// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.speculation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.token.TokenList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Answers that repeat their prompt with a chance, on machines whose steps take what a function says. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GuessPlanTest {

    /** Milliseconds by rows: as a GPU takes them, as a processor with AMX, and as one to which rows cost what they cost alone. */
    static final IntToDoubleFunction FLAT = rows -> 10 + 0.05 * rows;

    static final IntToDoubleFunction MODERATE = rows -> rows == 1 ? 28 : 35 + 3.5 * rows;
    static final IntToDoubleFunction LINEAR = rows -> 6 * rows;

    private static final int MOST = 7;

    @Test
    void it_pays_where_guesses_mostly_come_true() {
        assertThat(gain(FLAT, 0.8)).isGreaterThan(2.2);
        assertThat(gain(MODERATE, 0.8)).isGreaterThan(1.3);
        assertThat(gain(MODERATE, 0.98)).isGreaterThan(2.2);
    }

    @Test
    void nearly_nothing_is_lost_where_they_seldom_do() {
        assertThat(gain(MODERATE, 0.1)).isGreaterThan(0.985);
        assertThat(gain(MODERATE, 0.3)).isGreaterThan(0.985);
        assertThat(gain(LINEAR, 0.1)).isGreaterThan(0.985);
    }

    @Test
    void nearly_nothing_is_lost_where_rows_cost_what_they_cost_alone() {
        assertThat(gain(LINEAR, 0.8)).isGreaterThan(0.985);
        assertThat(gain(LINEAR, 0.98)).isGreaterThan(0.985);
    }

    @Test
    void what_cost_too_much_is_tried_again_now_and_then() {
        var costs = new Simulated(LINEAR);
        var random = new Random(3);
        gain(costs, 0.95, random, 2_000);
        var plan = new GuessPlan(costs);
        assertThat(generate(costs, plan, 0.95, random, 400).rate()).isGreaterThan(0.9 / 6);

        costs.becomes(FLAT);
        generate(costs, plan, 0.95, random, 3_000);

        assertThat(generate(costs, plan, 0.95, random, 3_000).rate()).isGreaterThan(3.5 / 10);
    }

    @Test
    void no_sequence_waits_longer_for_the_guesses_of_another() {
        var costs = new Simulated(MODERATE);
        for (var rows = 1; rows < 10; rows++) {
            costs.took(rows);
            costs.took(rows);
        }
        var repeats = looking(IntStream.range(0, 300).map(i -> i % 50).toArray(), 0);
        var other = looking(IntStream.range(0, 300).toArray(), 299);
        var plan = new GuessPlan(costs);

        assertThat(plan.choose(List.of(repeats), MOST)).isPositive();
        assertThat(plan.choose(List.of(repeats, repeats), MOST)).isPositive();
        assertThat(plan.choose(List.of(repeats, other), MOST)).isZero();
    }

    @Test
    void there_are_never_more_guesses_than_there_may_be() {
        var costs = new Simulated(FLAT);
        costs.took(1);
        costs.took(3);
        var repeats = looking(IntStream.range(0, 300).map(i -> i % 50).toArray(), 0);
        var plan = new GuessPlan(costs);

        assertThat(plan.choose(List.of(repeats), 5)).isBetween(1, 5);
        assertThat(plan.choose(List.of(repeats, repeats, repeats), 7)).isBetween(1, 2);
        assertThat(plan.choose(List.of(repeats, repeats, repeats), 2)).isZero();
    }

    @Test
    void nothing_is_tried_while_it_is_not_known_what_a_step_costs() {
        var repeats = looking(IntStream.range(0, 300).map(i -> i % 50).toArray(), 0);

        assertThat(new GuessPlan(new Simulated(FLAT)).choose(List.of(repeats), MOST))
                .isZero();
    }

    private static Guesser looking(int[] prompt, int next) {
        var tokens = new TokenList(prompt);
        var guesser = new Guesser(tokens);
        tokens.add(next);
        guesser.look(Guesser.MOST, false);
        return guesser;
    }

    /** Tokens in a time, of those without guesses. */
    private static double gain(IntToDoubleFunction cost, double chance) {
        return gain(new Simulated(cost), chance, new Random(5), 3_000);
    }

    private static double gain(Simulated costs, double chance, Random random, int tokens) {
        var outcome = generate(costs, new GuessPlan(costs), chance, random, tokens);
        return outcome.rate() * costs.cost.applyAsDouble(1);
    }

    /** {@code rate}: tokens in a millisecond. */
    private record Outcome(double rate) {}

    /** An answer whose next token is the next one of the prompt with a chance; otherwise it goes on somewhere else in it. */
    private static Outcome generate(Simulated costs, GuessPlan plan, double chance, Random random, int count) {
        var prompt = random.ints(2_000, 0, 30_000).toArray();
        var answer = new ArrayList<Integer>();
        var at = 0;
        while (answer.size() < count + 20) {
            at = random.nextDouble() < chance ? at + 1 : random.nextInt(prompt.length);
            answer.add(prompt[at % prompt.length]);
        }
        var tokens = new TokenList(prompt);
        var guesser = new Guesser(tokens);
        var begun = costs.spent;
        var done = 0;
        while (done < count) {
            guesser.look(Guesser.MOST, false);
            var guesses = Math.min(plan.choose(List.of(guesser), MOST), guesser.count());
            costs.took(1 + guesses);
            var hits = 0;
            while (hits < guesses && guesser.token(hits) == answer.get(done + hits)) {
                hits++;
            }
            for (var token : answer.subList(done, done + hits + 1)) {
                tokens.add(token);
            }
            done += hits + 1;
        }
        return new Outcome(done / ((costs.spent - begun) / 1e6));
    }

    /** Knows what was tried, and between that the straight line. */
    private static final class Simulated implements RowCosts {
        private final double[] known = new double[64];
        private final int[] last = new int[64];
        private IntToDoubleFunction cost;
        private double spent;
        private int steps;

        Simulated(IntToDoubleFunction cost) {
            this.cost = cost;
        }

        void becomes(IntToDoubleFunction other) {
            cost = other;
        }

        void took(int rows) {
            var nanos = cost.applyAsDouble(rows) * 1e6;
            known[rows] = nanos;
            spent += nanos;
            last[rows] = ++steps;
        }

        @Override
        public double step(int rows) {
            if (known[rows] > 0) {
                return known[rows];
            }
            var below = rows;
            while (below > 0 && known[below] == 0) {
                below--;
            }
            return below == 0 ? 0 : known[below] * (1 + 0.5 * (rows - below) / below);
        }

        @Override
        public boolean isOld(int rows) {
            return steps - last[rows] > 64;
        }

        @Override
        public double spent() {
            return spent;
        }
    }
}
