// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.ComputeTurns;
import dev.puna.engine.StepClock;
import dev.puna.llama.StepOutcome;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ModelTurnsTest {
    private final StepClock clock = new StepClock();
    private final ModelTurns turns = new ModelTurns(new ComputeLock(), clock, true);

    @Test
    void a_step_is_under_way_from_its_turn_to_its_end() {
        var waiting = new ModelTurns(
                new ComputeTurns() {
                    @Override
                    public <T> T take(Supplier<T> step) {
                        assertThat(clock.now()).isEqualTo(StepClock.Step.NONE);
                        return step.get();
                    }
                },
                clock,
                true);

        var first = waiting.take(1, clock::now);
        assertThatThrownBy(() -> waiting.take(1, () -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");

        assertThat(clock.now()).isEqualTo(StepClock.Step.NONE);
        assertThat(first.number()).isEqualTo(1);
        assertThat(waiting.take(1, clock::now).number()).isEqualTo(3);
    }

    @Test
    void the_first_of_a_size_may_take_long_and_others_as_those_before() {
        assertThat(longest(5)).isEqualTo(ModelTurns.FIRST);
        assertThat(longest(7)).isEqualTo(ModelTurns.LEAST);
        assertThat(longest(8)).isEqualTo(ModelTurns.FIRST);
        assertThat(turns.encode(5, clock::now).longestSeconds()).isEqualTo(ModelTurns.FIRST);

        assertThat(ModelTurns.longest(10)).isEqualTo(230);
        assertThat(ModelTurns.longest(1e12)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void one_that_was_aborted_or_failed_tells_nothing_about_others() {
        turns.take(512, () -> StepOutcome.ABORTED);
        assertThatThrownBy(() -> turns.take(512, () -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(longest(512)).isEqualTo(ModelTurns.FIRST);

        turns.take(1, () -> StepOutcome.DONE);
        assertThat(longest(1)).isEqualTo(ModelTurns.LEAST);
    }

    @Test
    void on_the_processor_no_step_is_too_long() {
        var slow = new ModelTurns(new ComputeLock(), clock, false);

        slow.take(1, () -> StepOutcome.DONE);

        assertThat(slow.take(1, clock::now)).isEqualTo(new StepClock.Step(2, 0));
    }

    private int longest(int rows) {
        return turns.take(rows, clock::now).longestSeconds();
    }
}
