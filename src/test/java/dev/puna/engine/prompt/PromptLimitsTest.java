// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PromptLimitsTest {

    @Test
    void a_prompt_must_leave_room_for_one_token() {
        var limits = new PromptLimits(16);

        assertThat(limits.fits(15)).isTrue();
        assertThat(limits.fits(16)).isFalse();
    }

    @Test
    void the_middle_is_cut_and_the_start_and_the_end_are_kept() {
        var tokens = IntStream.range(0, 40).toArray();

        var cut = new PromptLimits(16)
                .cutMiddle(
                        count -> Arrays.copyOf(tokens, count),
                        count -> Arrays.copyOfRange(tokens, tokens.length - count, tokens.length),
                        4);

        assertThat(cut).containsExactly(0, 1, 2, 3, 34, 35, 36, 37, 38, 39);
    }

    @Test
    void the_begin_token_is_kept_beside_those_asked_for_up_to_half_the_context() {
        assertThat(PromptLimits.tokensToKeep(4, true, 16)).isEqualTo(5);
        assertThat(PromptLimits.tokensToKeep(4, false, 16)).isEqualTo(4);
        assertThat(PromptLimits.tokensToKeep(-1, true, 16)).isEqualTo(8);
        assertThat(PromptLimits.tokensToKeep(100, true, 16)).isEqualTo(8);
        assertThat(PromptLimits.tokensToKeep(Integer.MAX_VALUE, true, 16)).isEqualTo(8);
    }
}
