// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OldestTurnsTest {
    private static final int CONTEXT = 4096;

    private final List<Long> rendered = new ArrayList<>();

    @Test
    void the_fewest_are_found_wherever_they_lie_and_whatever_the_lengths_say() {
        for (var droppable = 0; droppable <= 40; droppable++) {
            for (var needed = 0; needed <= droppable; needed++) {
                for (var tokensOfATurn : new int[] {1, 7, 5_000}) {
                    var enough = needed;
                    var turns = droppable;
                    var search = new OldestTurns(dropped -> 4L * (turns - dropped) + 1, 100);

                    assertThat(search.fewest(
                                    droppable, dropped -> 100 + (long) tokensOfATurn * Math.max(0, enough - dropped)))
                            .isEqualTo(needed);
                }
            }
            assertThat(new OldestTurns(_ -> 1, 100).fewest(droppable, _ -> 101)).isEqualTo(droppable);
        }
    }

    @Test
    void a_conversation_that_fits_is_rendered_once() {
        assertThat(found(turns(20, 500), 0.25)).isZero();
        assertThat(rendered).hasSize(1);
    }

    @Test
    void of_hundreds_of_thousands_of_turns_only_the_last_are_rendered_and_few_times() {
        for (var tokensOfALength : new double[] {0.3, 1, 2.5}) {
            rendered.clear();

            found(turns(400_000, 0), tokensOfALength);

            assertThat(rendered).hasSizeLessThanOrEqualTo(5).allMatch(length -> length <= 4 * CONTEXT + 10);
        }
    }

    @Test
    void a_turn_too_long_for_any_context_is_rendered_once_to_see_that_it_is() {
        var turns = turns(3_000, 40);
        turns[2_950] = 30_000_000;

        assertThat(found(turns, 1)).isEqualTo(2_951);

        assertThat(rendered).hasSizeLessThan(6);
        assertThat(rendered.stream().filter(length -> length > 1_000_000)).hasSize(1);
    }

    @Test
    void where_what_must_stay_is_too_long_already_nothing_is_searched() {
        var tried = new ArrayList<Integer>();

        assertThat(new OldestTurns(dropped -> 2_000_000L - dropped, CONTEXT).fewest(400_000, dropped -> {
                    tried.add(dropped);
                    return 1_000_000;
                }))
                .isEqualTo(400_000);
        assertThat(tried).containsExactly(400_000);
    }

    @Test
    void turns_of_all_lengths_take_few_renderings() {
        var random = new Random(11);
        for (var run = 0; run < 300; run++) {
            rendered.clear();
            var turns = new long[random.nextInt(2, 20_000)];
            Arrays.setAll(turns, _ -> 4 + (long) Math.pow(10, 6 * Math.pow(random.nextDouble(), 4)));

            found(turns, 0.2 + 2 * random.nextDouble());

            assertThat(rendered).hasSizeLessThanOrEqualTo(12);
        }
    }

    private static long[] turns(int count, int length) {
        var turns = new long[count];
        Arrays.fill(turns, 4 + length);
        return turns;
    }

    /** Searches, and holds what was found against what has to be. */
    private int found(long[] turns, double tokensOfALength) {
        var left = new long[turns.length];
        for (var i = turns.length - 1; i >= 0; i--) {
            left[i] = turns[i] + (i + 1 < turns.length ? left[i + 1] : 0);
        }
        var droppable = turns.length - 1;
        var fewest = new OldestTurns(dropped -> left[dropped], CONTEXT).fewest(droppable, dropped -> {
            rendered.add(left[dropped]);
            return (long) (left[dropped] * tokensOfALength);
        });
        var right = 0;
        while (right < droppable && (long) (left[right] * tokensOfALength) > CONTEXT) {
            right++;
        }
        assertThat(fewest).isEqualTo(right);
        return fewest;
    }
}
