// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import static dev.puna.scheduling.plan.Planning.CPU;
import static dev.puna.scheduling.plan.Planning.GIB;
import static dev.puna.scheduling.plan.Planning.LARGE;
import static dev.puna.scheduling.plan.Planning.gpu;
import static dev.puna.scheduling.plan.Planning.gpuLayers;
import static dev.puna.scheduling.plan.Planning.machine;
import static dev.puna.scheduling.plan.Planning.plan;
import static dev.puna.scheduling.plan.Planning.planner;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.RunnerOptions;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Whom a plan serves, and what its steps hold. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadPlanTest {
    @Test
    void options_about_gpus_make_no_difference_without_them() {
        var plan = plan(LARGE, RunnerOptions.DEFAULT, machine(CPU, 64 * GIB));

        assertThat(plan.serves(gpuLayers(20))).isTrue();
        assertThat(plan.serves(RunnerOptions.DEFAULT)).isTrue();
    }

    /** llama.cpp ends the process over fewer tokens than sequences. */
    @Test
    void a_step_holds_a_token_of_each_sequence_however_few_are_asked_for() {
        var asked =
                new RunnerOptions(OptionalInt.empty(), OptionalInt.of(1), -1, OptionalInt.empty(), Optional.empty(), 0);

        var plan = plan(LARGE, asked, machine(CPU, 16 * GIB));

        assertThat(plan.spec().sequences()).isEqualTo(8);
        assertThat(plan.spec().batchSize()).isEqualTo(8);
        assertThat(plan.serves(asked)).isTrue();
        assertThat(plan.serves(RunnerOptions.DEFAULT)).isFalse();
    }

    @Test
    void a_step_holds_no_more_tokens_than_the_context_or_the_usual_number() {
        var machine = machine(CPU, 64 * GIB);

        assertThat(batch(machine, 1024, Integer.MAX_VALUE)).isEqualTo(1024);
        assertThat(batch(machine, 64, 600)).isEqualTo(512);
        assertThat(batch(machine, 64, 100)).isEqualTo(100);
    }

    @Test
    void options_that_differ_need_another_load() {
        var plan = plan(LARGE, gpuLayers(20), machine(gpu(80), 64 * GIB));

        assertThat(plan.serves(gpuLayers(-1))).isTrue();
        assertThat(plan.serves(gpuLayers(20))).isTrue();
        assertThat(plan.serves(gpuLayers(21))).isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.of(64), -1, OptionalInt.empty(), Optional.empty(), 0)))
                .isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.of(0), Optional.empty(), 0)))
                .isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.of(false), 0)))
                .isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.empty(), 3)))
                .isFalse();
        assertThat(plan.serves(new RunnerOptions(
                        OptionalInt.empty(), OptionalInt.of(512), -1, OptionalInt.empty(), Optional.of(true), 4)))
                .isTrue();
    }

    @Test
    void a_batch_or_a_way_to_read_that_was_asked_for_is_not_inherited() {
        var machine = machine(CPU, 64 * GIB);
        var batch = new RunnerOptions(
                OptionalInt.empty(), OptionalInt.of(64), -1, OptionalInt.empty(), Optional.empty(), 0);
        var read = new RunnerOptions(
                OptionalInt.empty(), OptionalInt.empty(), -1, OptionalInt.empty(), Optional.of(false), 0);

        assertThat(plan(LARGE, batch, machine).serves(RunnerOptions.DEFAULT)).isFalse();
        assertThat(plan(LARGE, batch, machine).serves(batch)).isTrue();
        assertThat(plan(LARGE, read, machine).serves(RunnerOptions.DEFAULT)).isFalse();
    }

    /** A shorter context than usual, because memory is short, is no reason to try again at each request. */
    @Test
    void what_was_chosen_for_one_who_left_it_open_serves_all_others_who_do() {
        var scarce = machine(gpu(80), 64 * GIB);
        var shorter = planner()
                .smaller(plan(LARGE, RunnerOptions.DEFAULT, scarce), LARGE, scarce)
                .orElseThrow();

        assertThat(shorter.serves(RunnerOptions.DEFAULT)).isTrue();
    }

    private int batch(MachineState machine, int context, int asked) {
        var options = new RunnerOptions(
                OptionalInt.of(context), OptionalInt.of(asked), -1, OptionalInt.empty(), Optional.empty(), 0);
        var plan = plan(LARGE, options, machine);
        assertThat(plan.serves(options)).isTrue();
        return plan.spec().batchSize();
    }
}
