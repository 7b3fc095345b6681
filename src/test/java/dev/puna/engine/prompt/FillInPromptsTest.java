// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.Prompt.FillIn;
import dev.puna.failure.ContextExceeded;
import dev.puna.failure.InvalidRequest;
import dev.puna.model.GenerationOptions;
import dev.puna.tokenization.FillInMarks;
import dev.puna.tokenization.SpecialTokens;
import dev.puna.tokenization.TextCuts;
import dev.puna.tokenization.TextTokens;
import dev.puna.tokenization.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FillInPromptsTest {
    private static final String REFUSAL = "no marks";
    private static final String MARKS = "<PSMRF";
    private static final FillInMarks ALL = new FillInMarks('P', 'S', 'M', OptionalInt.of('R'), OptionalInt.of('F'));

    @Test
    void the_gap_is_told_by_marks() {
        assertThat(text(new FillIn("ab", "cd", "e", List.of(), REFUSAL), 100, ALL))
                .isEqualTo("<PabScdMe");
    }

    @Test
    void other_texts_come_first_each_with_its_name() {
        var gap = new FillIn("a", "b", "", List.of(extra("x", "1"), extra("y", "2")), REFUSAL);

        assertThat(text(gap, 100, ALL)).isEqualTo("<Fx\n1\nFy\n2\nPaSbM");
        assertThat(text(gap, 100, new FillInMarks('P', 'S', 'M', OptionalInt.empty(), OptionalInt.empty())))
                .isEqualTo("<\nx\n1\n\ny\n2\nPaSbM");
    }

    @Test
    void other_texts_that_do_not_fit_are_left_out_the_first_ones_first() {
        var gap = new FillIn("a", "b", "", List.of(extra("x", "1".repeat(30)), extra("y", "2")), REFUSAL);

        assertThat(text(gap, 40, ALL)).isEqualTo("<Fy\n2\nPaSbM");
    }

    @Test
    void what_is_far_from_the_gap_is_cut() {
        var gap = new FillIn("x".repeat(99) + "a", "b" + "y".repeat(99), "", List.of(), REFUSAL);

        var prompt = prompt(gap, 44, ALL, true);

        // Three quarters of 44 are 33, four of them marks: 22 and 7 are left.
        assertThat(prompt.text()).isEqualTo("<P" + "x".repeat(21) + "aSb" + "y".repeat(6) + "M");
        assertThat(prompt.truncated()).isTrue();
        assertThat(prompt(new FillIn("x".repeat(200), "b", "", List.of(), REFUSAL), 44, ALL, true)
                        .text())
                .isEqualTo("<P" + "x".repeat(28) + "SbM");
        assertThatThrownBy(() -> prompt(gap, 44, ALL, false)).isInstanceOf(ContextExceeded.class);
        assertThatThrownBy(() -> prompt(new FillIn("", "", "e".repeat(30), List.of(), REFUSAL), 44, ALL, true))
                .isInstanceOf(InvalidRequest.class);
    }

    @Test
    void a_model_without_marks_says_so() {
        assertThatThrownBy(() -> new FillInPrompts(new Letters(Optional.empty()), 44, new PromptWork(() -> false))
                        .of(new FillIn("a", "b", "", List.of(), REFUSAL), request(true)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(REFUSAL);
    }

    private static String text(FillIn gap, int context, FillInMarks marks) {
        return prompt(gap, context, marks, true).text();
    }

    private static PreparedPrompt prompt(FillIn gap, int context, FillInMarks marks, boolean truncate) {
        return new FillInPrompts(new Letters(Optional.of(marks)), context, new PromptWork(() -> false))
                .of(gap, request(truncate));
    }

    private static GenerationRequest request(boolean truncate) {
        return new GenerationRequest(
                new Prompt.Raw(""),
                GenerationOptions.DEFAULT,
                new OutputFormat.Free(),
                truncate,
                true,
                false,
                false,
                OptionalInt.empty());
    }

    private static FillIn.Extra extra(String file, String text) {
        return new FillIn.Extra(file, text);
    }

    /** A token is a letter; texts begin with one of their own. */
    private record Letters(Optional<FillInMarks> fillInMarks) implements Tokenizer {
        @Override
        public int size() {
            return 128;
        }

        @Override
        public TextTokens tokens(String text, boolean addSpecial, Runnable betweenPieces) {
            var cuts = new TextCuts(
                    () -> new SpecialTokens(List.of()), part -> part.chars().toArray());
            return new TextTokens(text, text.chars().toArray(), cuts);
        }

        @Override
        public byte[] bytes(int... tokens) {
            return new String(tokens, 0, tokens.length).getBytes(UTF_8);
        }

        @Override
        public OptionalInt bos() {
            return OptionalInt.of(MARKS.charAt(0));
        }

        @Override
        public boolean addsBos() {
            return true;
        }
    }
}
