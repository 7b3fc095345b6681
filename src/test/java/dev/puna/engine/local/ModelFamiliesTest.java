// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.Prompt;
import dev.puna.engine.local.ModelFamilies.Written;
import dev.puna.engine.prompt.RenderedPrompt;
import dev.puna.support.LlamaTemplates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of well-known families of models, read by the parsers that their own templates give. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class ModelFamiliesTest {

    @RegisterExtension
    static final LoadedVocabulary VOCABULARY = new LoadedVocabulary();

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<Message> QUESTION = List.of(Message.of("user", "How is Paris?"));

    private static final List<ToolDefinition> TOOLS =
            List.of(new ToolDefinition("get_weather", """
                    {"type":"function","function":{"name":"get_weather","description":"What it is like outside",
                     "parameters":{"type":"object","required":["city"],"properties":{"city":{"type":"string"}}}}}"""), new ToolDefinition("get_time", """
                    {"type":"function","function":{"name":"get_time","description":"What time it is",
                     "parameters":{"type":"object","properties":{}}}}"""));

    static List<Written> families() {
        return ModelFamilies.all();
    }

    @ParameterizedTest
    @MethodSource("families")
    void an_answer_is_taken_apart_however_it_comes(Written written) {
        var prompt = render(written, QUESTION);

        check(written, prompt, List.of(written.answer()));
        check(written, prompt, ParsedAnswer.characters(written.answer()));
        for (var seed = 0; seed < 8; seed++) {
            check(written, prompt, randomPieces(written.answer(), seed));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void an_answer_cut_off_anywhere_ends_without_an_error(Written written) {
        var prompt = render(written, QUESTION);

        var characters = ParsedAnswer.characters(written.answer());
        for (var length = 0; length < characters.size(); length += 3) {
            var answer = ParsedAnswer.of(prompt, List.of(String.join("", characters.subList(0, length))));

            assertThat(written.thought()).startsWith(answer.thought());
            assertThat(written.calls())
                    .hasSizeGreaterThanOrEqualTo(answer.calls().size());
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void calls_and_their_results_go_back_into_the_prompt(Written written) {
        if (!takesCalls(written)) {
            return;
        }

        for (var id : List.of("call_abcdefgh", "")) {
            assertThat(render(written, exchange(id)).text()).contains("get_weather", "Lutetia", "22 degrees");
        }
    }

    @Test
    void text_that_no_format_knows_is_not_lost() {
        var thinking = ModelFamilies.all().getFirst().thinking();
        var prompt = VOCABULARY.render(LlamaTemplates.read("Qwen-Qwen3-0.6B"), conversation(thinking, QUESTION));

        var answer = ParsedAnswer.of(prompt, ParsedAnswer.characters("<tool_call>\nnot a call</tool_call> and more"));

        assertThat(answer.content()).contains("not a call", "and more");
        assertThat(answer.calls()).isEmpty();
    }

    private static List<Message> exchange(String id) {
        var call = new ToolCall(id, 0, "get_weather", "{\"city\":\"Lutetia\"}");
        return List.of(
                QUESTION.getFirst(),
                new Message("assistant", "", "", List.of(), List.of(call), "", ""),
                new Message("tool", "22 degrees", "", List.of(), List.of(), "get_weather", id));
    }

    private static RenderedPrompt render(Written written, List<Message> messages) {
        return VOCABULARY.render(LlamaTemplates.read(written.template()), conversation(written.thinking(), messages));
    }

    private static Prompt.Conversation conversation(Thinking thinking, List<Message> messages) {
        return new Prompt.Conversation(messages, TOOLS, thinking, Optional.empty(), "", List.of());
    }

    private static boolean takesCalls(Written written) {
        try (var format = VOCABULARY.model().chatFormat(LlamaTemplates.read(written.template()))) {
            return format.capabilities().toolCalls();
        }
    }

    private static void check(Written written, RenderedPrompt prompt, List<String> pieces) {
        var answer = ParsedAnswer.of(prompt, pieces);

        assertThat(answer.thought()).as("%s", pieces).isEqualTo(written.thought());
        assertThat(answer.content()).as("%s", pieces).isEqualTo(written.content());
        assertThat(answer.calls().stream().map(call -> normal(call.name() + " " + call.arguments())))
                .as("%s", pieces)
                .containsExactlyElementsOf(
                        written.calls().stream().map(ModelFamiliesTest::normal).toList());
    }

    private static List<String> randomPieces(String text, long seed) {
        var random = new Random(seed);
        var pieces = new ArrayList<String>();
        var characters = ParsedAnswer.characters(text);
        for (var from = 0; from < characters.size(); ) {
            var to = Math.min(characters.size(), from + 1 + random.nextInt(12));
            pieces.add(String.join("", characters.subList(from, to)));
            from = to;
        }
        return pieces;
    }

    private static String normal(String call) {
        var space = call.indexOf(' ');
        try {
            return call.substring(0, space + 1) + JSON.readTree(call.substring(space + 1));
        } catch (JsonProcessingException e) {
            throw new AssertionError(call, e);
        }
    }
}
