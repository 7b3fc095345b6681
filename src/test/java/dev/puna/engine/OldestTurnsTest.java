// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OldestTurnsTest {
    @Test
    void the_fewest_are_found_wherever_they_lie() {
        for (var droppable = 0; droppable <= 40; droppable++) {
            for (var needed = 1; needed <= Math.max(1, droppable); needed++) {
                for (var far : new boolean[] {false, true}) {
                    var enough = needed;

                    assertThat(OldestTurns.fewest(droppable, far, dropped -> dropped >= enough))
                            .isEqualTo(Math.min(enough, droppable));
                }
            }
            assertThat(OldestTurns.fewest(droppable, true, _ -> false)).isEqualTo(droppable);
        }
    }

    @Test
    void of_a_conversation_far_too_long_only_its_end_is_tried() {
        var tried = new ArrayList<Integer>();

        var fewest = OldestTurns.fewest(400_000, true, dropped -> {
            tried.add(400_000 - dropped);
            return dropped >= 399_900;
        });

        assertThat(fewest).isEqualTo(399_900);
        assertThat(tried).hasSizeLessThan(20).allMatch(kept -> kept <= 200);
    }
}
