// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.local.ModelFamilies.Written;
import dev.puna.engine.prompt.JinjaPrompts;
import dev.puna.engine.prompt.RenderedPrompt;
import dev.puna.engine.prompt.ResponseFormat;
import dev.puna.engine.response.ParsingTime;
import dev.puna.engine.response.PegResponseParser;
import dev.puna.engine.response.PlainResponseParser;
import dev.puna.engine.response.ResponseParser;
import dev.puna.llama.ChatParser;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.NativeMemory;
import dev.puna.llama.TestLlama;
import dev.puna.support.LlamaTemplates;
import dev.puna.support.TestModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of well-known families of models, read by the parsers that their own templates give. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class ModelFamiliesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<ToolDefinition> TOOLS =
            List.of(new ToolDefinition("get_weather", """
                    {"type":"function","function":{"name":"get_weather","description":"What it is like outside",
                     "parameters":{"type":"object","required":["city"],"properties":{"city":{"type":"string"}}}}}"""), new ToolDefinition("get_time", """
                    {"type":"function","function":{"name":"get_time","description":"What time it is",
                     "parameters":{"type":"object","properties":{}}}}"""));

    private static LoadedModel model;

    @BeforeAll
    static void open() {
        LlamaTemplates.folder();
        model = TestLlama.openVocabulary(TestModels.smolLm2());
    }

    @AfterAll
    static void close() {
        if (model != null) {
            model.close();
        }
        assertThat(NativeMemory.openOwners()).isZero();
    }

    static List<Written> families() {
        return ModelFamilies.all();
    }

    @ParameterizedTest
    @MethodSource("families")
    void an_answer_is_taken_apart_however_it_comes(Written written) {
        try (var format = model.chatFormat(LlamaTemplates.read(written.template()))) {
            var prompt = new JinjaPrompts(NativeEngine.jinja(format), model.vocabulary())
                    .render(question(written), new OutputFormat.Free());

            check(written, prompt, List.of(written.answer()));
            check(written, prompt, characters(written.answer()));
            for (var seed = 0; seed < 8; seed++) {
                check(written, prompt, randomPieces(written.answer(), seed));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void an_answer_cut_off_anywhere_ends_without_an_error(Written written) {
        try (var format = model.chatFormat(LlamaTemplates.read(written.template()))) {
            var prompt = new JinjaPrompts(NativeEngine.jinja(format), model.vocabulary())
                    .render(question(written), new OutputFormat.Free());

            var characters = characters(written.answer());
            for (var length = 0; length < characters.size(); length += 3) {
                var read = read(prompt, List.of(String.join("", characters.subList(0, length))));

                assertThat(written.thought()).startsWith(read.thought.strip());
                assertThat(written.calls()).hasSizeGreaterThanOrEqualTo(read.calls.size());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void calls_and_their_results_go_back_into_the_prompt(Written written) {
        try (var format = model.chatFormat(LlamaTemplates.read(written.template()))) {
            if (!format.capabilities().toolCalls()) {
                return;
            }

            for (var id : List.of("call_abcdefgh", "")) {
                var prompt = new JinjaPrompts(NativeEngine.jinja(format), model.vocabulary())
                        .render(conversation(written, exchange(id)), new OutputFormat.Free());

                assertThat(prompt.text()).contains("get_weather", "Lutetia", "22 degrees");
            }
        }
    }

    @Test
    void text_that_no_format_knows_is_not_lost() {
        try (var format = model.chatFormat(LlamaTemplates.read("Qwen-Qwen3-0.6B"))) {
            var prompt = new JinjaPrompts(NativeEngine.jinja(format), model.vocabulary())
                    .render(question(ModelFamilies.all().getFirst()), new OutputFormat.Free());

            var read = read(prompt, characters("<tool_call>\nnot a call</tool_call> and more"));

            assertThat(read.content).contains("not a call", "and more");
            assertThat(read.calls).isEmpty();
        }
    }

    private static List<Message> exchange(String id) {
        var call = new ToolCall(id, 0, "get_weather", "{\"city\":\"Lutetia\"}");
        return List.of(
                Message.of("user", "How is Paris?"),
                new Message("assistant", "", "", List.of(), List.of(call), "", ""),
                new Message("tool", "22 degrees", "", List.of(), List.of(), "get_weather", id));
    }

    private static Prompt.Conversation question(Written written) {
        return conversation(written, List.of(Message.of("user", "How is Paris?")));
    }

    private static Prompt.Conversation conversation(Written written, List<Message> turns) {
        return new Prompt.Conversation(turns, TOOLS, written.thinking(), Optional.empty(), "", List.of());
    }

    private static void check(Written written, RenderedPrompt prompt, List<String> pieces) {
        var read = read(prompt, pieces);

        assertThat(read.thought.strip()).as("%s", pieces).isEqualTo(written.thought());
        assertThat(read.content.strip()).as("%s", pieces).isEqualTo(written.content());
        assertThat(read.calls)
                .as("%s", pieces)
                .isEqualTo(
                        written.calls().stream().map(ModelFamiliesTest::normal).toList());
    }

    private static Read read(RenderedPrompt prompt, List<String> pieces) {
        var form = (ResponseFormat.Described) prompt.form();
        var read = new Read();
        var clock = new long[1];
        var time = new ParsingTime(() -> clock[0] += 1_000_000_000);
        try (ResponseParser reader = form.plain()
                ? new PlainResponseParser()
                : new PegResponseParser(form, ChatParser::open, time.share())) {
            for (var piece : pieces) {
                reader.read(new GenerationEvent.Text(piece, List.of())).forEach(read::add);
            }
            reader.end().forEach(read::add);
        }
        return read;
    }

    private static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    private static List<String> randomPieces(String text, long seed) {
        var random = new Random(seed);
        var pieces = new ArrayList<String>();
        var characters = characters(text);
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

    /** The events of an answer put together. */
    private static final class Read {
        private String thought = "";
        private String content = "";
        private final List<String> calls = new ArrayList<>();

        private void add(GenerationEvent event) {
            switch (event) {
                case GenerationEvent.Reasoning reasoning -> thought += reasoning.piece();
                case GenerationEvent.Text text -> content += text.piece();
                case GenerationEvent.ToolUse use -> {
                    assertThat(use.call().index()).isEqualTo(calls.size());
                    calls.add(normal(use.call().name() + " " + use.call().arguments()));
                }
                case GenerationEvent.Finished _ -> throw new AssertionError("a reader ends nothing");
            }
        }
    }
}
