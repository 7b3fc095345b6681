// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.engine.FinishReason;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.ContextExceeded;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What ends an answer, and what becomes of prompts that are longer than the context. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineLimitsTest {

    @RegisterExtension
    static final LoadedEngine MODEL = new LoadedEngine(512, 4);

    @Test
    void a_stop_string_ends_the_answer_and_is_not_part_of_it() {
        var answer = MODEL.ask(EngineTests.raw("1, 2, 3, 4, 5,").stop("8").tokens(40));

        assertThat(answer.text()).contains("7").doesNotContain("8");
        assertThat(answer.finished().reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void the_number_of_tokens_asked_for_is_the_most_that_come() {
        var answer = MODEL.ask(EngineTests.raw("1, 2, 3,").tokens(5));

        assertThat(answer.finished().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.finished().usage().generatedTokens()).isEqualTo(5);
    }

    @Test
    void a_token_of_the_largest_bias_is_always_chosen_and_one_of_the_least_never() {
        var fox = MODEL.engine().tokenize(" fox").getFirst();
        var two = MODEL.engine().tokenize("2").getFirst();

        assertThat(MODEL.ask(EngineTests.raw("1, 2, 3,").bias(fox, 100).tokens(3))
                        .text())
                .isEqualTo(" fox fox fox");
        assertThat(MODEL.ask(EngineTests.raw("1, 2, 1, 2, 1, 2, 1,")
                                .bias(two, -100)
                                .tokens(5))
                        .text())
                .doesNotContain("2");
    }

    @Test
    void a_bias_for_a_token_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> MODEL.ask(EngineTests.raw("1").bias(999_999_999, 1)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("logit_bias names token 999999999, but this model has the tokens 0 to ")
                .extracting(refused -> ((InvalidRequest) refused).field())
                .isEqualTo("logit_bias");
    }

    @Test
    void an_answer_goes_on_where_the_end_is_ignored_unless_its_format_is_complete() {
        var hello = EngineTests.chat("Say hello.").tokens(80);
        assertThat(MODEL.ask(hello).finished().reason()).isEqualTo(FinishReason.STOP);

        assertThat(MODEL.ask(hello.ignoringEos()).finished().usage().generatedTokens())
                .isEqualTo(80);
        var format = new OutputFormat.Schema("{\"const\":1}");
        assertThat(MODEL.ask(EngineTests.chat("One?").format(format).ignoringEos())
                        .text())
                .isEqualTo("1");
    }

    @Test
    void zero_and_less_set_no_limit_to_the_number_of_tokens() {
        for (var most : List.of(0, -1, -2)) {
            var answer = MODEL.ask(EngineTests.raw("1, 2, 3,").stop("12").tokens(most));

            assertThat(answer.text()).contains("4, 5, 6").contains("11, ");
            assertThat(answer.finished().reason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void a_full_context_ends_the_answer_when_it_may_not_shift() {
        var answer = MODEL.ask(EngineTests.raw("1, 2, 3, 4, 5, 6,").tokens(2000).shift(false));

        assertThat(answer.finished().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.finished().usage().generatedTokens()).isBetween(400, 512);
    }

    @Test
    void a_full_context_drops_its_older_half_and_goes_on_when_it_may_shift() {
        var answer = MODEL.ask(EngineTests.raw("1, 2, 3, 4, 5, 6,").tokens(700));

        assertThat(answer.finished().usage().generatedTokens()).isEqualTo(700);
    }

    @Test
    void a_prompt_longer_than_the_context_loses_its_middle_and_says_so() {
        var answer = MODEL.ask(EngineTests.raw(EngineTests.STORY.repeat(3)).tokens(4));

        assertThat(answer.finished().truncated()).isTrue();
        assertThat(answer.finished().usage().promptTokens()).isLessThan(512);
    }

    @Test
    void a_prompt_longer_than_the_context_is_refused_when_it_may_not_be_cut() {
        assertThatThrownBy(() ->
                        MODEL.ask(EngineTests.raw(EngineTests.STORY.repeat(3)).truncate(false)))
                .isInstanceOf(ContextExceeded.class)
                .hasMessageEndingWith("and the context takes 512");
    }

    @Test
    void a_long_conversation_loses_its_oldest_turns_but_neither_the_system_text_nor_the_last() {
        var messages = new ArrayList<Message>();
        messages.add(Message.of("system", "Answer in one word."));
        for (var i = 0; i < 40; i++) {
            messages.add(
                    Message.of(i % 2 == 0 ? "user" : "assistant", "This is turn number " + i + " of a long talk."));
        }
        messages.add(Message.of("user", "Last question."));

        var rendered = MODEL.engine().render(EngineTests.conversation(messages).request());

        assertThat(rendered)
                .contains("Answer in one word.", "turn number 39", "Last question.")
                .doesNotContain("turn number 0 ");
    }
}
