// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.token.TokenList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SharedBeginningsTest {
    private static final int QUESTION = 1_000;

    private final SharedBeginnings shared = new SharedBeginnings();

    @Test
    void two_prompts_share_what_comes_before_they_part() {
        assertThat(shared.note(prompt(200, QUESTION, 20), true)).isZero();
        assertThat(shared.note(prompt(200, QUESTION + 100, 30), true)).isEqualTo(200);
        assertThat(shared.note(prompt(150, QUESTION + 200, 30), true)).isEqualTo(150);
        assertThat(shared.note(prompt(0, 2 * QUESTION, 30), true)).isZero();
    }

    @Test
    void a_prompt_that_comes_again_is_shared_as_a_whole() {
        shared.note(prompt(200, QUESTION, 20), true);

        assertThat(shared.note(prompt(200, QUESTION, 20), true)).isEqualTo(220);
    }

    @Test
    void a_conversation_that_goes_on_shares_nothing_with_itself() {
        shared.note(prompt(200, QUESTION, 20), true);

        assertThat(shared.note(prompt(200, QUESTION, 90), true)).isZero();
        assertThat(shared.note(prompt(200, QUESTION, 160), true)).isZero();
        assertThat(shared.note(prompt(200, QUESTION, 20), true))
                .as("begun anew")
                .isZero();
    }

    @Test
    void neither_does_one_whose_template_writes_the_end_of_a_prompt_otherwise_later() {
        var first = prompt(200, QUESTION, 20);
        for (var thought = 0; thought < 4; thought++) {
            first.add(9_000 + thought);
        }
        shared.note(first, true);

        assertThat(shared.note(prompt(200, QUESTION, 90), true)).isZero();
    }

    @Test
    void a_text_without_a_template_may_part_at_its_last_token() {
        shared.note(prompt(200, QUESTION, 1), false);

        assertThat(shared.note(prompt(200, QUESTION + 100, 6), false)).isEqualTo(200);
        assertThat(shared.note(prompt(200, QUESTION + 100, 16), false))
                .as("goes on with the last one")
                .isEqualTo(200);
    }

    @Test
    void only_the_last_few_prompts_count() {
        shared.note(prompt(200, QUESTION, 20), true);
        for (var other = 1; other <= 8; other++) {
            shared.note(prompt(0, 1_000 * (other + 2), 20), true);
        }

        assertThat(shared.note(prompt(200, QUESTION + 100, 20), true)).isZero();
    }

    private static TokenList prompt(int system, int question, int length) {
        return new TokenList(IntStream.concat(IntStream.range(0, system), IntStream.range(question, question + length))
                .toArray());
    }
}
