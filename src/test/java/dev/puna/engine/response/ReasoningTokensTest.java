// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.Script;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReasoningTokensTest {
    private final ReasoningTokens tokens = new ReasoningTokens();

    @Test
    void tokens_are_what_their_text_turns_out_to_be() {
        tokens.note(List.of(), 3);
        tokens.note(List.of(Script.reasoning("Hm.")), 4);
        tokens.note(List.of(Script.text("Yes.")), 6);

        assertThat(tokens.count()).isEqualTo(4);
    }

    @Test
    void those_of_one_reading_are_shared_by_length() {
        tokens.note(
                List.of(Script.reasoning("123456"), Script.text("12"), Script.call("f", "{}"), Script.text("1")), 24);

        assertThat(tokens.count()).isEqualTo(12);
    }

    @Test
    void an_answer_without_thoughts_has_none() {
        tokens.note(List.of(Script.text("")), 1);
        tokens.note(List.of(Script.text("Yes.")), 2);

        assertThat(tokens.count()).isZero();
    }
}
