// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.Prompt;
import dev.puna.engine.prompt.RenderedPrompt;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.failure.InvalidRequest;
import dev.puna.llama.ChatParser;
import dev.puna.support.LlamaTemplates;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What conversations become before a Jinja template sees them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class JinjaConversationTest {

    @RegisterExtension
    static final LoadedVocabulary VOCABULARY = new LoadedVocabulary();

    private static final String CHATML = """
            {%- for m in messages -%}<|im_start|>{{ m.role }}
            {{ m.content }}{% for c in m.tool_calls %}({{ c.function.arguments }}){% endfor %}<|im_end|>
            {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
            {% endif %}""";

    private static final Message QUESTION = Message.of("user", "Count to five.");

    @Test
    void words_of_the_model_at_the_end_are_gone_on_with() {
        var prompt = render(CHATML, Thinking.UNSET, QUESTION, Message.of("assistant", "One, two, "));

        assertThat(prompt.text())
                .isEqualTo("<|im_start|>user\nCount to five.<|im_end|>\n<|im_start|>assistant\nOne, two, ");
        assertThat(answer(prompt, "three.")).isEqualTo("[{\"content\":\"three.\"}]");
    }

    @Test
    void a_turn_without_words_at_the_end_is_a_turn_to_begin() {
        assertThat(render(CHATML, Thinking.UNSET, QUESTION, Message.of("assistant", ""))
                        .text())
                .isEqualTo("<|im_start|>user\nCount to five.<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void a_call_at_the_end_is_not_gone_on_with() {
        var call = new Message("assistant", "", "", List.of(), List.of(new ToolCall("", 0, "f", "{}")), "", "");

        assertThat(render(CHATML, Thinking.UNSET, QUESTION, call).text())
                .contains("({})<|im_end|>")
                .endsWith("<|im_start|>assistant\n");
    }

    @Test
    void a_model_that_thinks_goes_on_after_its_thoughts() {
        var jinja = LlamaTemplates.read("Qwen-Qwen3-0.6B");
        var begun = new Message("assistant", "One, ", "Count.", List.of(), List.of(), "", "");

        assertThat(render(jinja, Thinking.ON, QUESTION, begun).text())
                .containsPattern("<think>\\s*Count\\.\\s*</think>\\s*One, $");
        var thought = new Message("assistant", "", "I have to", List.of(), List.of(), "", "");
        var prompt = render(jinja, Thinking.ON, QUESTION, thought);
        assertThat(prompt.text()).containsPattern("<think>\\s*I have to$");
        assertThat(answer(prompt, " count.\n</think>\n\nOne")).contains("thinking", "\"content\":\"One\"");
    }

    @Test
    void arguments_of_calls_are_printed_as_they_are() {
        var given = "{\"a\":\"ãb <&> \uD83D\uDE00\",\"n\":1234567890123456789,\"q\":\"say \\\"hi\\\"\\n\"}";
        var call = new Message("assistant", "", "", List.of(), List.of(new ToolCall("", 0, "f", given)), "", "");

        assertThat(render(CHATML, Thinking.UNSET, QUESTION, call, QUESTION).text())
                .contains("(" + given + ")");
    }

    @Test
    void a_begun_answer_that_is_too_long_for_a_grammar_is_refused() {
        var begun = Message.of("assistant", "x".repeat(70_000));
        var words = new Prompt.Conversation(
                List.of(QUESTION, begun), List.of(), Thinking.UNSET, Optional.empty(), "", List.of());
        var tool = new ToolDefinition("f", "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}");
        var tools = new Prompt.Conversation(
                List.of(QUESTION, begun), List.of(tool), Thinking.UNSET, Optional.empty(), "", List.of());
        var jinja = LlamaTemplates.read("Qwen-Qwen3-0.6B");

        assertThat(VOCABULARY.render(jinja, words).text()).endsWith("xxx");
        assertThatThrownBy(() -> VOCABULARY.render(jinja, tools))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("too many to go on from");
    }

    @Test
    void a_switch_for_thinking_that_is_not_recognised_is_off_unless_asked_for() {
        var jinja = CHATML + "{{ 'on' if enable_thinking is defined and enable_thinking else 'off' }}";

        assertThat(render(jinja, Thinking.UNSET, QUESTION).text()).endsWith("off");
        assertThat(render(jinja, Thinking.ON, QUESTION).text()).endsWith("on");
        assertThat(render(jinja, Thinking.OFF, QUESTION).text()).endsWith("off");
    }

    @Test
    void templates_that_can_are_asked_to_keep_thoughts() {
        assertThat(render("{{ preserve_thinking }}{{ clear_thinking }}", Thinking.UNSET, QUESTION)
                        .text())
                .isEqualTo("TrueFalse");
    }

    @Test
    void a_hostile_template_is_a_request_that_cannot_be_served() {
        assertThatThrownBy(() -> render("{{ 'x' * 100000000000 }}", Thinking.UNSET, QUESTION))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("the chat template takes too much memory");
    }

    private static RenderedPrompt render(String jinja, Thinking thinking, Message... messages) {
        var conversation =
                new Prompt.Conversation(List.of(messages), List.of(), thinking, Optional.empty(), "", List.of());
        return VOCABULARY.render(jinja, conversation);
    }

    private static String answer(RenderedPrompt prompt, String text) {
        var responseFormat = (ResponseFormat.Described) prompt.responseFormat();
        try (var parser = ChatParser.open(responseFormat.parserJson())) {
            return parser.feed(text.getBytes(UTF_8), true);
        }
    }
}
