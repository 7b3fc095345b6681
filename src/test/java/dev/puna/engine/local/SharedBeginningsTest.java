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
        assertThat(shared.note(prompt(200, QUESTION, 20))).isZero();
        assertThat(shared.note(prompt(200, QUESTION + 100, 30))).isEqualTo(200);
        assertThat(shared.note(prompt(150, QUESTION + 200, 30))).isEqualTo(150);
        assertThat(shared.note(prompt(0, 2 * QUESTION, 30))).isZero();
    }

    @Test
    void a_prompt_that_comes_again_is_shared_as_a_whole() {
        shared.note(prompt(200, QUESTION, 20));

        assertThat(shared.note(prompt(200, QUESTION, 20))).isEqualTo(220);
    }

    @Test
    void a_conversation_that_goes_on_shares_nothing_with_itself() {
        shared.note(prompt(200, QUESTION, 20));

        assertThat(shared.note(prompt(200, QUESTION, 90))).isZero();
        assertThat(shared.note(prompt(200, QUESTION, 160))).isZero();
        assertThat(shared.note(prompt(200, QUESTION, 20))).as("begun anew").isZero();
    }

    @Test
    void neither_does_one_whose_template_writes_the_end_of_a_prompt_otherwise_later() {
        var first = prompt(200, QUESTION, 20);
        for (var thought = 0; thought < 4; thought++) {
            first.add(9_000 + thought);
        }
        shared.note(first);

        assertThat(shared.note(prompt(200, QUESTION, 90))).isZero();
    }

    @Test
    void only_the_last_few_prompts_count() {
        shared.note(prompt(200, QUESTION, 20));
        for (var other = 1; other <= 8; other++) {
            shared.note(prompt(0, 1_000 * (other + 2), 20));
        }

        assertThat(shared.note(prompt(200, QUESTION + 100, 20))).isZero();
    }

    private static TokenList prompt(int system, int question, int length) {
        return new TokenList(IntStream.concat(IntStream.range(0, system), IntStream.range(question, question + length))
                .toArray());
    }
}
