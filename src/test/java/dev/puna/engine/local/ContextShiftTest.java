// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.TestModels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cuts the middle out of sequences that generate, step by step and without a decode loop, so that tokens can be counted. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContextShiftTest {

    private static final int LENGTH = 256;
    private static final String COUNT =
            "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,";

    private SteppedModel bench = new SteppedModel(TestModels.smolLm2(), LENGTH);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_full_context_goes_on_with_the_next_token_and_decodes_nothing_again() {
        var sequence = bench.start(COUNT);

        var most = 0;
        for (var i = 0; i < 2 * LENGTH; i++) {
            bench.next(sequence);
            most = Math.max(most, i < 2 ? 0 : sequence.pending());
        }

        assertThat(sequence.tokens().size()).isLessThan(LENGTH);
        assertThat(most).isEqualTo(1);
        assertThat(SteppedModel.end(sequence)).contains(" 97, 98, 99, 100, 101, 102, 103, 104, 105,");
    }

    @Test
    void what_lies_behind_the_cut_is_not_given_to_later_prompts() {
        var sequence = bench.start(COUNT);
        while (sequence.reusable() == sequence.decoded() || sequence.decoded() == 0) {
            bench.next(sequence);
        }
        bench.next(sequence);
        var kept = sequence.reusable();
        bench.slots.release(sequence.place());

        var whole = bench.sequence(COUNT);
        bench.slots.place(whole, 0);

        assertThat(kept).isEqualTo(4);
        assertThat(whole.decoded()).isEqualTo(4);
        bench.next(whole);
        bench.next(whole);
        assertThat(SteppedModel.end(whole)).isEqualTo(coldEnd(COUNT, 1));
    }

    @Test
    void cells_that_another_running_sequence_shares_stay_where_they_are() {
        var first = bench.start(COUNT);
        bench.next(first);
        var second = bench.sequence(COUNT + " 23,");
        bench.slots.place(second, 0);
        assertThat(second.decoded()).isGreaterThan(20);

        bench.slots.cut(first, 4, 10);

        assertThat(first.pending()).isGreaterThan(1);
        bench.next(second);
        for (var i = 0; i < 12; i++) {
            bench.next(second);
        }
        assertThat(SteppedModel.end(second)).isEqualTo(coldEnd(COUNT + " 23,", 12));
    }

    @Test
    void cells_that_an_idle_sequence_shares_are_given_up_by_it() {
        var first = bench.start(COUNT);
        bench.next(first);
        var second = bench.sequence(COUNT + " 23,");
        bench.slots.place(second, 0);
        bench.next(second);
        var idle = second.place();
        bench.slots.release(idle);

        bench.slots.cut(first, 4, 10);

        assertThat(first.pending()).isEqualTo(1);
        assertThat(idle.size()).isEqualTo(10);
        var again = bench.sequence(COUNT + " 23,");
        bench.slots.place(again, 0);
        bench.next(again);
        for (var i = 0; i < 12; i++) {
            bench.next(again);
        }
        assertThat(SteppedModel.end(again)).isEqualTo(coldEnd(COUNT + " 23,", 12));
    }

    /** What comes after a prompt in a cache that holds nothing else. */
    private String coldEnd(String prompt, int tokens) {
        bench.close();
        bench = new SteppedModel(TestModels.smolLm2(), LENGTH);
        var sequence = bench.start(prompt);
        bench.next(sequence);
        for (var i = 0; i < tokens; i++) {
            bench.next(sequence);
        }
        return SteppedModel.end(sequence);
    }
}
