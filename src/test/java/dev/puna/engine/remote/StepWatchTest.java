// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.StepClock;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StepWatchTest {
    private static final int LONG = 5_000;

    private long work;
    private boolean busy;
    private final StepWatch watch = new StepWatch(new PipedRunner(new BytePipe(), new BytePipe()) {
        @Override
        public long work() {
            return work;
        }

        @Override
        public boolean isBusy() {
            return busy;
        }
    });

    @Test
    void a_step_without_work_is_hung_after_ten_beats() {
        assertThat(beats(0, at -> 7 + at / 5)).isEqualTo(StepWatch.MOST_IDLE);
    }

    @Test
    void one_that_works_a_little_is_not() {
        assertThat(beats(0, at -> 2 * at)).isEqualTo(LONG);
        assertThat(beats(0, at -> at / 9 * StepWatch.LEAST_WORK)).isEqualTo(LONG);
    }

    @Test
    void nor_one_that_would_work_if_it_had_the_processor_or_the_disk() {
        busy = true;
        assertThat(beats(0, _ -> 0)).isEqualTo(LONG);
    }

    @Test
    void nor_one_of_which_nothing_is_known() {
        assertThat(beats(0, _ -> -1)).isEqualTo(LONG);
    }

    @Test
    void on_a_device_the_time_counts_whether_the_processor_works_or_not() {
        assertThat(beats(60, _ -> 0)).isEqualTo(60);
        assertThat(beats(60, at -> 100 * at)).isEqualTo(60);
    }

    @Test
    void every_step_has_its_own_time_and_none_under_way_has_no_end() {
        for (var at = 0; at < LONG; at++) {
            assertThat(watch.beat(new StepClock.Step(1 + at / 9, 9))).isEmpty();
            assertThat(watch.beat(StepClock.Step.NONE)).isEmpty();
        }
        for (var at = 0; at < LONG; at++) {
            assertThat(watch.beat(new StepClock.Step(LONG + at / 9, 9 * (at % 2))))
                    .isEmpty();
        }
    }

    /** How many pass before it is taken for hung, the first, in which it is new, apart. */
    private int beats(int longestSeconds, LongUnaryOperator done) {
        var step = new StepClock.Step(1, longestSeconds);
        watch.beat(StepClock.Step.NONE);
        for (var at = 0; at < LONG; at++) {
            work = done.applyAsLong(at);
            if (!watch.beat(step).isEmpty()) {
                return at;
            }
        }
        return LONG;
    }
}
