// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import static dev.puna.scheduling.plan.Planning.CPU;
import static dev.puna.scheduling.plan.Planning.GIB;
import static dev.puna.scheduling.plan.Planning.LARGE;
import static dev.puna.scheduling.plan.Planning.context;
import static dev.puna.scheduling.plan.Planning.gpu;
import static dev.puna.scheduling.plan.Planning.machine;
import static dev.puna.scheduling.plan.Planning.plan;
import static dev.puna.scheduling.plan.Planning.planner;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.RunnerOptions;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What is left when a model needs too much. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SmallerPlanTest {
    @Test
    void after_a_load_that_took_too_much_less_is_tried_each_time_until_nothing_is_left_to_cut() {
        var machine = machine(gpu(24), 64 * GIB);
        var tried = new ArrayList<String>();
        var next = Optional.of(plan(LARGE, RunnerOptions.DEFAULT, machine));
        while (next.isPresent()) {
            var plan = next.get();
            tried.add(plan.spec().contextLength() + " " + plan.spec().sequences() + " "
                    + plan.spec().placement().layers());
            next = planner().smaller(plan, LARGE, machine);
        }

        assertThat(tried).containsExactly("32768 8 33", "32768 1 33", "4096 1 33", "4096 1 16", "4096 1 0");
    }

    @Test
    void what_the_request_fixes_is_not_cut() {
        var machine = machine(gpu(80), 64 * GIB);
        var fixed = new RunnerOptions(
                OptionalInt.of(8192), OptionalInt.empty(), 20, OptionalInt.empty(), Optional.empty(), 0);
        var planner = planner("OLLAMA_NUM_PARALLEL", "2");

        assertThat(planner.smaller(planner.plan("m", LARGE, fixed, machine), LARGE, machine))
                .isEmpty();
    }

    @Test
    void advice_names_an_option_with_which_a_model_would_fit() {
        var machine = machine(CPU, 6 * GIB);
        var far = plan(LARGE, context(65_536), machine);
        var wide = plan(
                LARGE,
                new RunnerOptions(
                        OptionalInt.of(8192), OptionalInt.of(1 << 20), -1, OptionalInt.empty(), Optional.empty(), 0),
                machine);
        var small = machine(CPU, 2 * GIB);

        assertThat(planner().advice(far, LARGE, machine)).matches("; with num_ctx 8192 it would need 5\\.\\d GiB");
        assertThat(planner().advice(wide, LARGE, machine)).startsWith("; with num_batch 512 it would need 5.");
        assertThat(planner().advice(plan(LARGE, RunnerOptions.DEFAULT, small), LARGE, small))
                .isEqualTo("; a smaller model or one with fewer bits for each weight may fit");
    }
}
