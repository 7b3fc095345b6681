// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.token.TokenList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckpointPlacesTest {
    private static final int END = 2;

    private final CheckpointPlaces places = new CheckpointPlaces(List.of(END));

    @Test
    void messages_end_behind_their_tokens() {
        assertThat(places.in(prompt(500, 100, 200, 495), 0, 0)).containsExactly(100, 200, 495);
    }

    @Test
    void a_prompt_without_messages_has_a_place_before_its_end() {
        assertThat(places.in(prompt(500), 0, 0)).containsExactly(496);
        assertThat(places.in(prompt(500, 100), 0, 0)).containsExactly(100, 496);
    }

    @Test
    void a_short_prompt_has_none() {
        assertThat(places.in(prompt(128, 100), 0, 0)).isEmpty();
        assertThat(places.in(prompt(129, 100), 0, 0)).containsExactly(100);
    }

    @Test
    void places_lie_apart_from_each_other_and_from_the_last_checkpoint() {
        assertThat(places.in(prompt(500, 100, 120, 495), 0, 0)).containsExactly(100, 495);
        assertThat(places.in(prompt(500, 100, 120, 495), 90, 90)).containsExactly(495);
        assertThat(places.in(prompt(500, 20, 495), 0, 0)).containsExactly(495);
    }

    @Test
    void what_the_cache_holds_already_is_passed() {
        assertThat(places.in(prompt(500, 100, 200, 495), 150, 60)).containsExactly(200, 495);
        assertThat(places.in(prompt(500, 100, 200, 495), 200, 60))
                .as("it stands there")
                .containsExactly(200, 495);
    }

    @Test
    void of_many_messages_the_last_ones_count_and_what_is_known() {
        var ends = new int[40];
        Arrays.setAll(ends, i -> 100 + 50 * i);

        assertThat(places.in(prompt(2100, ends), 0, 0, 150, 0, 3000))
                .containsExactly(150, 1900, 1950, 2000, 2050, 2096);
    }

    @Test
    void long_messages_have_places_inside() {
        assertThat(places.in(prompt(10_000), 1000, 0)).containsExactly(5096, 9192, 9996);
    }

    @Test
    void an_image_is_not_taken_for_the_end_of_a_message() {
        var tokens = new int[500];
        Arrays.fill(tokens, 7);
        Arrays.fill(tokens, 100, 140, -1);

        assertThat(places.in(new TokenList(tokens), 0, 0)).containsExactly(496);
    }

    private static TokenList prompt(int size, int... ends) {
        var tokens = new int[size];
        Arrays.fill(tokens, 7);
        for (var end : ends) {
            tokens[end - 1] = END;
        }
        return new TokenList(tokens);
    }
}
