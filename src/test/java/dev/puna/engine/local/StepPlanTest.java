// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StepPlanTest {

    private static final StepRound ONE_STREAM = new StepRound(1, 0, 1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 7, 8, 9, 12, 16, 40})
    void the_rate_comes_close_to_the_best_there_is_and_each_stream_has_its_share(int streams) {
        for (var cost : List.of(SimulatedSteps.LINEAR, SimulatedSteps.CLIFF, SimulatedSteps.FLAT)) {
            for (var noise : new double[] {0, 0.1}) {
                var model = new SimulatedSteps(cost, noise, 1);
                model.generate(streams, 200);

                var outcome = model.generate(streams, 2_000);

                // A fiftieth of the noisy steps takes five times as long: that costs a twelfth.
                assertThat(outcome.rate()).isGreaterThan((noise > 0 ? 0.84 : 0.96) * best(cost, streams));
                assertThat(outcome.most() - outcome.fewest()).isLessThanOrEqualTo(1);
                assertThat(outcome.longestWait()).isLessThanOrEqualTo(streams);
            }
        }
    }

    @Test
    void any_number_of_streams_is_as_fast_as_one_from_the_first_steps_on() {
        for (var streams = 2; streams < 20; streams++) {
            var model = new SimulatedSteps(SimulatedSteps.CLIFF, 0, 1);
            model.generate(1, 20);

            assertThat(model.generate(streams, 400).rate())
                    .as("%s streams", streams)
                    .isGreaterThan(0.95 * 51);
        }
    }

    @Test
    void streams_go_together_where_a_gpu_computes_and_in_turns_where_that_is_faster() {
        var gpu = new SimulatedSteps(SimulatedSteps.FLAT, 0.1, 3);
        var cpu = new SimulatedSteps(SimulatedSteps.CLIFF, 0.1, 3);
        gpu.generate(5, 100);
        cpu.generate(5, 100);
        cpu.generate(9, 100);

        assertThat(gpu.plan.best(5)).isEqualTo(5);
        assertThat(cpu.plan.best(9)).isIn(8, 9);
        assertThat(cpu.plan.best(5)).isEqualTo(1);
        assertThat(cpu.plan.best(2)).isEqualTo(1);
    }

    @Test
    void what_has_become_cheap_or_dear_is_noticed() {
        var model = new SimulatedSteps(SimulatedSteps.CLIFF, 0.05, 5);
        model.generate(4, 500);
        assertThat(model.plan.best(4)).isEqualTo(1);

        model.becomes(SimulatedSteps.FLAT);
        model.generate(4, 2_000);
        assertThat(model.plan.best(4)).isEqualTo(4);

        model.becomes(SimulatedSteps.CLIFF);
        model.generate(4, 200);
        assertThat(model.plan.best(4)).isEqualTo(1);
    }

    @Test
    void a_machine_that_is_busy_for_a_while_changes_nothing_for_long() {
        var model = new SimulatedSteps(SimulatedSteps.FLAT, 0.05, 7);
        model.generate(4, 300);
        model.becomes(rows -> 4 * SimulatedSteps.FLAT.applyAsDouble(rows));
        model.generate(4, 100);
        model.becomes(SimulatedSteps.FLAT);

        assertThat(model.generate(4, 100).rate()).isGreaterThan(0.8 * best(SimulatedSteps.FLAT, 4));
    }

    @Test
    void a_prompt_is_read_in_steps_of_a_tenth_of_a_second_however_much_there_is_to_look_back_at() {
        // 4 ms for each token, which grows to more than twice of that.
        var model = new SimulatedSteps(tokens -> 2 + 4 * tokens, 0, 1);
        model.generate(1, 20);

        var gaps = read(model, ONE_STREAM, 5_000);

        // Whether whole tiles are faster is tried once for each octave of the cache's length.
        assertThat(gaps.stream().filter(gap -> gap > 140)).hasSizeLessThan(8);
        assertThat(gaps.stream().filter(gap -> gap >= 70 && gap <= 100)).hasSizeGreaterThan(gaps.size() - 30);
    }

    @Test
    void what_reading_costs_after_a_long_text_is_known_at_the_next_one() {
        var model = new SimulatedSteps(tokens -> 2 + 4 * tokens, 0, 1);
        model.generate(1, 20);
        read(model, ONE_STREAM, 5_000);

        assertThat(read(model, ONE_STREAM, 5_000))
                .allSatisfy(gap -> assertThat(gap).isLessThan(105));
        assertThat(read(model, ONE_STREAM, 5_000).subList(1, 40))
                .allSatisfy(gap -> assertThat(gap).isGreaterThan(70));
    }

    @Test
    void where_only_whole_tiles_are_fast_whole_tiles_are_read_so_that_the_prompt_is_not_slowed_down() {
        var model = new SimulatedSteps(tokens -> 4 + 1.6 * tokens, 0, 1);
        model.attendsInTiles();
        model.generate(1, 20);
        var alone = 0.0;
        for (var read = 0; read < 2_560; read += 512) {
            alone += model.took(0, 512, read);
        }

        var gaps = read(model, ONE_STREAM, 2_500);

        assertThat(gaps.stream().mapToDouble(gap -> gap).sum()).isLessThan(1.15 * alone);
        assertThat(gaps).allSatisfy(gap -> assertThat(gap).isLessThan(600));
        assertThat(gaps).hasSizeGreaterThan(2_500 / 80);
    }

    @Test
    void a_slow_model_reads_for_as_long_as_two_tokens_take_it() {
        var model = new SimulatedSteps(tokens -> 90 + 5 * tokens, 0, 1);
        model.generate(1, 20);

        var gaps = read(model, ONE_STREAM, 400);

        assertThat(gaps.subList(4, gaps.size() - 1))
                .allSatisfy(gap -> assertThat(gap).isBetween(220.0, 285.0));
    }

    @Test
    void a_fast_model_reads_as_much_as_the_batch_takes() {
        var model = new SimulatedSteps(tokens -> 8 + 0.05 * tokens, 0, 1);
        model.generate(1, 20);
        for (var step = 0; step < 5; step++) {
            model.took(1, Math.min(511, model.plan.share(ONE_STREAM, 1, 5_000, 0)), 0);
        }

        assertThat(model.plan.share(ONE_STREAM, 1, 5_000, 0)).isGreaterThan(511);
    }

    @Test
    void streams_with_steps_of_their_own_wait_no_longer_either() {
        var model = new SimulatedSteps(tokens -> 2 + 4 * tokens, 0, 1);
        model.generate(1, 20);
        read(model, ONE_STREAM, 100);

        var beside = model.plan.share(new StepRound(1, 0, 1), 1, 5_000, 0);
        var others = model.plan.share(new StepRound(1, 3, 1), 1, 5_000, 0);
        var readers = model.plan.share(new StepRound(1, 0, 2), 1, 5_000, 0);

        assertThat((beside - others) * 4.0).isBetween(14.0, 26.0);
        assertThat(readers).isBetween(beside / 2 - 2, beside / 2);
    }

    @Test
    void single_slow_steps_change_a_share_little() {
        var model = new SimulatedSteps(tokens -> 2 + 4 * tokens, 0, 1);
        model.generate(1, 20);
        read(model, ONE_STREAM, 400);
        var usual = model.plan.share(ONE_STREAM, 1, 5_000, 400);

        model.plan.took(1, usual, 400, 5_000_000_000L);
        assertThat(model.plan.share(ONE_STREAM, 1, 5_000, 400)).isGreaterThan(usual / 2);
        for (var step = 0; step < 5; step++) {
            model.took(1, model.plan.share(ONE_STREAM, 1, 5_000, 400), 400);
        }

        assertThat(model.plan.share(ONE_STREAM, 1, 5_000, 400)).isGreaterThan(usual * 8 / 10);
    }

    /** The milliseconds of the steps in which a prompt is read beside streams. */
    private static List<Double> read(SimulatedSteps model, StepRound round, int tokens) {
        var gaps = new ArrayList<Double>();
        for (var read = 0; read < tokens; ) {
            var share = Math.min(
                    Math.min(512, tokens - read), model.plan.share(round, round.together(), tokens - read, read));
            gaps.add(model.took(round.together(), share, read));
            read += share;
        }
        return gaps;
    }

    @Test
    void a_step_that_was_not_tried_is_expected_between_those_that_were() {
        var costs = new StepCosts();
        assertThat(costs.step(1)).isZero();
        costs.took(1, 0, 0, 10_000_000);
        costs.took(1, 0, 0, 10_000_000);

        // One row took 10 ms, so more rows are hoped to take 5 ms each.
        assertThat(costs.step(1)).isEqualTo(10e6);
        assertThat(costs.step(3)).isEqualTo(20e6);

        costs.took(5, 0, 0, 50_000_000);
        assertThat(costs.step(3)).isEqualTo(30e6);
        assertThat(costs.step(5)).isEqualTo(30e6);
        costs.took(5, 0, 0, 50_000_000);

        assertThat(costs.step(3)).isEqualTo(30e6);
        assertThat(costs.step(5)).isEqualTo(50e6);
        assertThat(costs.step(10)).isEqualTo(75e6);
    }

    private static double best(IntToDoubleFunction cost, int streams) {
        var best = 0.0;
        for (var rows = 1; rows <= streams; rows++) {
            best = Math.max(best, rows * 1e3 / cost.applyAsDouble(rows));
        }
        return best;
    }
}
