// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadingTurnsTest {
    private final ReadingTurns turns = new ReadingTurns();
    private final List<Integer> begun = new ArrayList<>();

    @Test
    void as_many_read_as_may_and_the_others_follow_in_their_order() {
        var all = IntStream.range(0, ReadingTurns.MOST + 3).mapToObj(this::turn).toList();
        assertThat(begun).hasSize(ReadingTurns.MOST);

        all.get(ReadingTurns.MOST).end();
        all.get(5).end();
        all.get(5).end();
        all.get(0).end();

        assertThat(begun).hasSize(ReadingTurns.MOST + 2).endsWith(ReadingTurns.MOST + 1, ReadingTurns.MOST + 2);
    }

    @Test
    void turns_that_ended_are_free_again() {
        for (var i = 0; i < 3 * ReadingTurns.MOST; i++) {
            turn(i).end();
        }

        assertThat(begun).hasSize(3 * ReadingTurns.MOST);
    }

    private ReadingTurns.Turn turn(int number) {
        var turn = turns.take(() -> begun.add(number));
        turn.begin();
        return turn;
    }
}
