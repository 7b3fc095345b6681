// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.go.GoQuote;
import dev.puna.inference.vector.Vectors;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CapabilityCheckTest {
    @Test
    void quoted_text_is_escaped_as_go_does() {
        assertThat(GoQuote.quoted("a\"b\\c\n\u0001\u007f\u200b😀é"))
                .isEqualTo("\"a\\\"b\\\\c\\n\\x01\\x7f\\u200b😀é\"");
    }

    @Test
    void reasoning_is_cut_from_the_text_of_old_turns() {
        assertThat(ThinkTags.afterThinking(" <think>hm</think>\n\nHello")).isEqualTo("Hello");
        assertThat(ThinkTags.afterThinking("<think>hm")).isEmpty();
        assertThat(ThinkTags.afterThinking(" Hello <think>x</think>")).isEqualTo(" Hello <think>x</think>");
    }

    @Test
    void reasoning_after_the_last_question_stays() {
        var messages = List.of(
                Message.of("user", "a"),
                Message.of("assistant", "<think>x</think>b"),
                Message.of("user", "<think>c</think>"),
                Message.of("assistant", "<think>x</think>d"));

        assertThat(ThinkTags.removedFromHistory(messages))
                .extracting("content")
                .containsExactly("a", "b", "<think>c</think>", "<think>x</think>d");
    }

    @Test
    void a_vector_that_is_cut_has_length_1_again() {
        var cut = Vectors.cut(new float[] {0.6f, 0.8f, 5f}, 2);

        assertThat(cut).hasSize(2);
        assertThat(cut[0] * cut[0] + cut[1] * cut[1]).isBetween(0.9999f, 1.0001f);
        assertThat(Vectors.cut(new float[] {0.6f, 0.8f}, 9999)).hasSize(2);
        assertThat(Vectors.cut(new float[] {0.6f, 0.8f}, -1)).hasSize(2);
        assertThat(Vectors.cut(new float[] {0f, 0f}, 0)).containsExactly(0f, 0f);
    }

    @Test
    void a_vector_that_is_no_number_is_refused() {
        assertThatThrownBy(() -> Vectors.cut(new float[] {Float.NaN}, 0))
                .hasMessage("embedding contains NaN or Inf values");
        assertThatThrownBy(() -> Vectors.widened(new float[] {Float.POSITIVE_INFINITY}))
                .hasMessage("embedding contains NaN or Inf values");
    }
}
