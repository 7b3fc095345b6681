// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StopMatcherTest {

    @Test
    void text_without_stop_strings_passes_at_once() {
        var matcher = new StopMatcher(List.of());

        assertThat(matcher.add("hello")).isEqualTo("hello");
        assertThat(matcher.finish()).isEmpty();
    }

    @Test
    void a_stop_string_across_pieces_is_held_back_and_cut() {
        var matcher = new StopMatcher(List.of("</end>"));

        assertThat(matcher.add("answer<")).isEqualTo("answer");
        assertThat(matcher.add("/en")).isEmpty();
        assertThat(matcher.add("d> more")).isEmpty();
        assertThat(matcher.stopped()).isTrue();
        assertThat(matcher.finish()).isEmpty();
    }

    @Test
    void which_stop_string_came_is_told() {
        var matcher = new StopMatcher(List.of("b", "END", "ENDING"));

        assertThat(matcher.add("a EN")).isEqualTo("a ");
        assertThat(matcher.found()).isEmpty();
        assertThat(matcher.add("DING b")).isEmpty();
        assertThat(matcher.found()).as("the first, and of those the longest").isEqualTo("ENDING");
    }

    @Test
    void what_only_looked_like_a_stop_string_is_given_out() {
        var matcher = new StopMatcher(List.of("</end>"));

        assertThat(matcher.add("a </e")).isEqualTo("a ");
        assertThat(matcher.add("m>")).isEqualTo("</em>");
        assertThat(matcher.stopped()).isFalse();
    }

    @Test
    void what_is_held_at_the_end_is_given_out() {
        var matcher = new StopMatcher(List.of("\n\n"));

        assertThat(matcher.add("line\n")).isEqualTo("line");
        assertThat(matcher.finish()).isEqualTo("\n");
    }

    @Test
    void the_stop_string_that_comes_first_wins() {
        var matcher = new StopMatcher(List.of("long stop", "x"));

        assertThat(matcher.add("abxlong stop")).isEqualTo("ab");
    }

    @Test
    void however_a_text_is_cut_into_pieces_the_result_is_the_same() {
        var random = new Random(7);
        var stops = List.of("aab", "ba");
        for (var round = 0; round < 2_000; round++) {
            var text = new StringBuilder();
            for (var i = 0; i < 12; i++) {
                text.append((char) ('a' + random.nextInt(3)));
            }
            assertThat(inPieces(text.toString(), stops, random)).isEqualTo(inPieces(text.toString(), stops, null));
        }
    }

    private static String inPieces(String text, List<String> stops, @Nullable Random random) {
        var matcher = new StopMatcher(stops);
        var out = new StringBuilder();
        for (var at = 0; at < text.length(); ) {
            var end = Math.min(text.length(), at + 1 + (random == null ? 0 : random.nextInt(5)));
            out.append(matcher.add(text.substring(at, end)));
            at = end;
        }
        return out.append(matcher.finish()).toString();
    }
}
