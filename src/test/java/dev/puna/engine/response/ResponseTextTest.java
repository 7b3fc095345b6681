// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.TokenLogprob;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ResponseTextTest {

    private static final Optional<TokenLogprob> NONE = Optional.empty();

    @Test
    void a_character_cut_between_tokens_comes_whole() {
        var answer = new ResponseText(List.of());
        var bytes = "é😀".getBytes(UTF_8);

        var text = new StringBuilder();
        for (var i = 0; i < bytes.length; i++) {
            answer.add(Arrays.copyOfRange(bytes, i, i + 1), NONE).ifPresent(event -> text.append(pieceOf(event)));
        }

        assertThat(text).hasToString("é😀");
        assertThat(answer.finish()).isEmpty();
    }

    @Test
    void an_unfinished_character_at_the_end_is_left_out() {
        var answer = new ResponseText(List.of("never"));

        var before = answer.add(new byte[] {'a', (byte) 0xF0, (byte) 0x9F}, NONE);

        assertThat(before.map(ResponseTextTest::pieceOf)).contains("a");
        assertThat(answer.finish()).isEmpty();
        assertThat(answer.whole()).isEqualTo("a");
    }

    @Test
    void the_log_probability_of_an_unfinished_character_comes_at_the_end() {
        var answer = new ResponseText(List.of());

        assertThat(answer.add(new byte[] {(byte) 0xF0}, Optional.of(logprob("half"))))
                .isEmpty();

        assertThat(answer.finish()).contains(new GenerationEvent.Text("", List.of(logprob("half"))));
    }

    @Test
    void bytes_that_are_no_character_do_not_swallow_what_follows() {
        var answer = new ResponseText(List.of());

        var first = answer.add(new byte[] {(byte) 0xFF, 'a'}, NONE);

        assertThat(first.map(ResponseTextTest::pieceOf)).contains("\uFFFDa");
    }

    @Test
    void log_probabilities_of_held_back_tokens_come_with_the_piece_that_carries_them() {
        var answer = new ResponseText(List.of("<stop>"));

        assertThat(answer.add("<st".getBytes(UTF_8), Optional.of(logprob("<st"))))
                .isEmpty();
        var event =
                answer.add("yle>".getBytes(UTF_8), Optional.of(logprob("yle>"))).orElseThrow();

        assertThat(event).isEqualTo(new GenerationEvent.Text("<style>", List.of(logprob("<st"), logprob("yle>"))));
    }

    @Test
    void a_token_that_repeats_more_than_a_hundred_times_ends_the_answer() {
        var answer = new ResponseText(List.of());

        for (var i = 0; i < 101; i++) {
            answer.add(" ha".getBytes(UTF_8), NONE);
            assertThat(answer.ended()).isFalse();
        }
        answer.add("ha ".getBytes(UTF_8), NONE);

        assertThat(answer.ended()).isTrue();
    }

    @Test
    void parts_of_different_characters_are_no_repetition() {
        var answer = new ResponseText(List.of());
        var text = "საქართველო, ประเทศไทย, 日本語です。😀🎉".repeat(10);

        for (var part : text.getBytes(UTF_8)) {
            answer.add(new byte[] {part}, NONE);
            assertThat(answer.ended()).isFalse();
        }

        assertThat(answer.whole()).isEqualTo(text);
    }

    @Test
    void a_character_of_several_tokens_counts_once_and_repeats_like_any_other() {
        var answer = new ResponseText(List.of());

        for (var part : "ა".repeat(101).getBytes(UTF_8)) {
            answer.add(new byte[] {part}, NONE);
            assertThat(answer.ended()).isFalse();
        }
        for (var part : "ა".getBytes(UTF_8)) {
            answer.add(new byte[] {part}, NONE);
        }

        assertThat(answer.ended()).isTrue();
    }

    private static TokenLogprob logprob(String token) {
        return new TokenLogprob(token, List.of(), -1, List.of());
    }

    private static String pieceOf(GenerationEvent event) {
        return ((GenerationEvent.Text) event).piece();
    }
}
