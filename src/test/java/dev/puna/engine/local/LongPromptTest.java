// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.engine.prompt.ChatTemplate;
import dev.puna.engine.prompt.PreparedPrompt;
import dev.puna.engine.prompt.PromptBuilder;
import dev.puna.failure.Cancelled;
import dev.puna.failure.ContextExceeded;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.ChatFormat;
import dev.puna.support.TestPrompts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Prompts many contexts long: the work for them is that for a few contexts. Each step of it (a rendering, a piece of text made tokens)
 * asks whether the prompt is still wanted, so that is counted.
 */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongPromptTest {

    @RegisterExtension
    static final LoadedVocabulary VOCABULARY = new LoadedVocabulary();

    private static final int CONTEXT = 512;
    private static final String GO =
            "{{ if .System }}<s>{{ .System }}</s>{{ end }}{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ end }}";
    private static final String PAIRS = """
            {%- for m in messages -%}
            {%- if (m.role == 'user') != (loop.index0 % 2 == 0) -%}{{ raise_exception('turns alternate') }}{%- endif -%}
            <|im_start|>{{ m.role }} {{ m.content }}<|im_end|>
            {%- endfor -%}""";

    private static final String FEW = """
            {%- if messages|length > 345 -%}{{ raise_exception('too many') }}{%- endif -%}x""";

    private static ChatFormat own;
    private static ChatFormat pairs;
    private static ChatFormat few;

    private int steps;

    @BeforeAll
    static void open() {
        var model = VOCABULARY.model();
        own = model.chatFormat();
        pairs = model.chatFormat(PAIRS);
        few = model.chatFormat(FEW);
    }

    @AfterAll
    static void close() {
        for (var format : new ChatFormat[] {own, pairs, few}) {
            if (format != null) {
                format.close();
            }
        }
    }

    @Test
    void of_a_hundred_thousand_turns_as_many_stay_as_fit() {
        for (var template : List.of(Optional.<String>empty(), Optional.of(GO))) {
            var turns = new ArrayList<Message>();
            turns.add(Message.of("system", "Be kind."));
            for (var i = 0; i < 100_000; i++) {
                turns.add(Message.of("user", "turn " + i + "."));
            }
            steps = 0;

            var prompt = built(turns, template, true, true);

            assertThat(steps).isLessThan(30);
            assertThat(prompt.truncated()).isTrue();
            assertThat(prompt.text()).contains("Be kind.", "turn 99999.").doesNotContain("turn 99000.");
            assertThat(prompt.tokens().size()).isBetween(CONTEXT - 20, CONTEXT - 1);
        }
    }

    @Test
    void turns_without_any_words_are_turns() {
        var turns = Collections.nCopies(400_001, Message.of("", ""));

        assertThat(built(turns, Optional.empty(), true, true).tokens().size()).isBetween(CONTEXT - 20, CONTEXT - 1);
        assertThat(steps).isLessThan(30);
    }

    @Test
    void a_conversation_that_fits_takes_one_rendering() {
        built(List.of(Message.of("user", "Hello.")), Optional.empty(), true, true);

        assertThat(steps).isEqualTo(1);
    }

    @Test
    void one_long_turn_loses_its_middle_and_only_its_ends_become_tokens() {
        var turn = Message.of("user", "First words. " + "All is one. ".repeat(500_000) + "Last words.");
        for (var template : List.of(Optional.<String>empty(), Optional.of(GO))) {
            steps = 0;

            var prompt = built(List.of(Message.of("user", "Old."), turn), template, true, true);

            assertThat(steps).isLessThan(12);
            assertThat(prompt.tokens().size()).isEqualTo(CONTEXT - (CONTEXT - 4) / 2);
            assertThat(text(prompt)).contains("All is one. Last words.").doesNotContain("Old.");
        }
    }

    @Test
    void system_texts_stay_however_many_there_are() {
        var turns = new ArrayList<Message>();
        for (var i = 0; i < 10_000; i++) {
            turns.add(Message.of(i % 2 == 0 ? "system" : "user", "Text " + i + "."));
        }
        for (var template : List.of(Optional.<String>empty(), Optional.of(GO))) {
            steps = 0;

            var prompt = built(turns, template, true, true);

            assertThat(prompt.text())
                    .contains("Text 0.", "Text 9998.", "Text 9999.")
                    .doesNotContain("Text 9997.");
            assertThat(prompt.truncated()).isTrue();
            assertThat(steps).isLessThan(8);
        }
    }

    @Test
    void a_raw_text_loses_its_middle_and_only_its_ends_become_tokens() {
        var text = "First words here. " + "<|im_start|>".repeat(1_000_000) + "Last words.";

        var prompt = builder(own).build(request(new Prompt.Raw(text), true, true), this::counted);

        assertThat(steps).isLessThan(8);
        assertThat(text(prompt)).startsWith("First words here.").endsWith("<|im_start|>Last words.");
    }

    @Test
    void tokens_of_a_long_earlier_exchange_lose_their_middle() {
        var context = Collections.nCopies(3_000_000, 1);
        var conversation = new Prompt.Conversation(
                List.of(Message.of("user", "Go on.")), List.of(), Thinking.UNSET, Optional.empty(), "", context);

        var prompt = builder(own).build(request(conversation, true, true), this::counted);

        assertThat(steps).isLessThan(8);
        assertThat(text(prompt)).startsWith("<|im_start|>").contains("Go on.");
    }

    @Test
    void what_may_not_be_cut_is_refused_with_its_exact_length_unless_that_is_many_contexts() {
        assertThatThrownBy(() -> built(turns(2_000), Optional.empty(), false, true))
                .isInstanceOfSatisfying(ContextExceeded.class, exceeded -> {
                    assertThat(exceeded.exact()).isTrue();
                    assertThat(exceeded.tokens()).isBetween(10_000, 99_999);
                    assertThat(exceeded.limit()).isEqualTo(512);
                });
        steps = 0;
        assertThatThrownBy(() -> built(turns(100_000), Optional.empty(), false, true))
                .isInstanceOfSatisfying(ContextExceeded.class, exceeded -> {
                    assertThat(exceeded.exact()).isFalse();
                    assertThat(exceeded.tokens()).isGreaterThan(512);
                    assertThat(exceeded.limit()).isEqualTo(512);
                });
        assertThat(steps).isLessThan(30);
        assertThatThrownBy(() -> builder(own).build(request(new Prompt.Raw("All is one. ".repeat(9_000)), false, true)))
                .isInstanceOfSatisfying(ContextExceeded.class, exceeded -> assertThat(exceeded.tokens())
                        .isEqualTo(36_001));
        assertThatThrownBy(() -> builder(own).build(request(new Prompt.Raw("All is one. ".repeat(9_000)), true, false)))
                .hasMessageStartingWith("the prompt is longer than the context length currently available");
    }

    @Test
    void turns_that_a_template_takes_only_in_pairs_go_in_pairs() {
        var turns = new ArrayList<Message>();
        for (var i = 0; i < 301; i++) {
            turns.add(Message.of(i % 2 == 0 ? "user" : "assistant", "turn " + i + "."));
        }
        var prompt = builder(pairs).build(request(TestPrompts.conversation(turns), true, true));

        assertThat(prompt.truncated()).isTrue();
        assertThat(prompt.text()).startsWith("<|im_start|>user").contains("turn 300.");
    }

    @Test
    void what_a_template_refuses_in_full_may_be_taken_in_part() {
        var prompt = builder(few).build(request(TestPrompts.conversation(turns(100_000)), true, true), this::counted);

        assertThat(prompt.text()).startsWith("xturn");
        assertThat(prompt.truncated()).isTrue();
        assertThat(steps).isLessThan(100);
        assertThatThrownBy(() -> builder(few)
                        .build(request(
                                TestPrompts.conversation(Collections.nCopies(346, Message.of("user", ""))),
                                true,
                                true)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("too many");
    }

    @Test
    void the_work_ends_when_nobody_waits_for_it() {
        assertThatThrownBy(() -> builder(own)
                        .build(request(new Prompt.Raw("All is one. ".repeat(100_000)), false, true), () -> ++steps > 3))
                .isInstanceOf(Cancelled.class);
        assertThat(steps).isEqualTo(4);
    }

    private static List<Message> turns(int count) {
        var turns = new ArrayList<Message>();
        for (var i = 0; i < count; i++) {
            turns.add(Message.of(i % 2 == 0 ? "user" : "assistant", "turn " + i + "."));
        }
        return turns;
    }

    private boolean counted() {
        steps++;
        return false;
    }

    private PreparedPrompt built(List<Message> turns, Optional<String> template, boolean truncate, boolean shift) {
        var conversation = new Prompt.Conversation(turns, List.of(), Thinking.UNSET, template, "", List.of());
        return builder(own).build(request(conversation, truncate, shift), this::counted);
    }

    private static PromptBuilder builder(ChatFormat format) {
        var template =
                new ChatTemplate(NativeEngine.jinja(format), VOCABULARY.model().vocabulary());
        return new PromptBuilder(VOCABULARY.model().vocabulary(), template, Optional.empty(), CONTEXT);
    }

    private static GenerationRequest request(Prompt prompt, boolean truncate, boolean shift) {
        return new EngineTests.Question(prompt).truncate(truncate).shift(shift).request();
    }

    private static String text(PreparedPrompt prompt) {
        return new String(VOCABULARY.model().vocabulary().bytes(prompt.tokens().text()), UTF_8);
    }
}
