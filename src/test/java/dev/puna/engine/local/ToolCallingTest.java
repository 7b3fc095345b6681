// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolCalling.Choice;
import dev.puna.chat.ToolDefinition;
import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.Loading;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.llama.BackendChoice;
import dev.puna.support.ParrotGguf;
import dev.puna.support.TestModelFiles;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an answer whose calls are required, forbidden to be many, or written in another notation. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ToolCallingTest {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final String BARE = "{\"name\": \"square\", \"arguments\": {\"x\": 7}}";
    private static final String TAGGED = "<tool_call>\n" + BARE + "\n</tool_call>";
    private static final String GO = "{{ range .Messages }}{{ .Role }}: {{ .Content }}{{ range .ToolCalls }}"
            + "<call>{{ .Function.Name }} {{ .Function.Arguments }}</call>{{ end }}{{ end }}{{ .Tools }}";

    private static final OutputFormat FREE = new OutputFormat.Free();

    @TempDir
    Path folder;

    /** The templates that make prompts: one that knows calls, one that does not, one of Go. */
    enum Template {
        JINJA,
        JINJA_WITHOUT_CALLS,
        GO
    }

    @ParameterizedTest
    @EnumSource(Template.class)
    void a_call_that_is_required_comes_whatever_the_model_wants(Template template) throws IOException {
        for (var wish : List.of("I would rather talk.", BARE, TAGGED, "{\"x\": 1}\n \n \n")) {
            var answer = ask(template, wish, new ToolCalling(Choice.REQUIRED, Set.of(), false), FREE);

            assertThat(answer.text()).as(wish).isBlank();
            assertThat(answer.calls()).as(wish).hasSize(1);
            assertThat(answer.reason()).isEqualTo(FinishReason.STOP);
        }
    }

    @ParameterizedTest
    @EnumSource(Template.class)
    void a_tool_that_is_named_is_called_while_the_model_sees_all(Template template) throws IOException {
        var answer = ask(template, TAGGED, new ToolCalling(Choice.REQUIRED, Set.of("ping"), false), FREE);

        assertThat(answer.calls()).singleElement().asString().startsWith("ping ");
        assertThat(answer.prompt()).contains(template == Template.JINJA_WITHOUT_CALLS ? "Go" : "square");
    }

    @ParameterizedTest
    @EnumSource(Template.class)
    void several_calls_may_be_forbidden(Template template) throws IOException {
        var twice = template == Template.JINJA ? TAGGED + "\n" + TAGGED : "[" + BARE + ", " + BARE + "]";

        assertThat(ask(template, twice, new ToolCalling(Choice.AUTO, Set.of(), true), FREE)
                        .calls())
                .hasSize(2);
        assertThat(ask(template, twice, new ToolCalling(Choice.AUTO, Set.of(), false), FREE)
                        .calls())
                .containsExactly("square {\"x\":7}");
        assertThat(ask(template, twice, new ToolCalling(Choice.REQUIRED, Set.of(), false), FREE)
                        .calls())
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Template.class)
    void an_answer_is_in_the_wanted_format_or_a_call(Template template) throws IOException {
        var schema = new OutputFormat.Schema(
                "{\"type\":\"object\",\"properties\":{\"sum\":{\"type\":\"integer\"}},\"required\":[\"sum\"]}");

        var said = ask(template, "{\"sum\": 3}", ToolCalling.AUTO, schema);
        assertThat(said.text()).isEqualToIgnoringWhitespace("{\"sum\":3}");
        assertThat(said.calls()).isEmpty();
        var called = ask(template, template == Template.JINJA ? TAGGED : BARE, ToolCalling.AUTO, schema);
        assertThat(called.text()).isBlank();
        assertThat(called.calls()).containsExactly("square {\"x\":7}");
        assertThat(ask(template, "Hello!", ToolCalling.AUTO, schema).text()).doesNotContain("Hello");
    }

    @ParameterizedTest
    @EnumSource(Template.class)
    void an_answer_that_is_a_call_in_json_is_one(Template template) throws IOException {
        for (var wish : List.of(BARE, "```json\n" + BARE + "\n```")) {
            var answer = ask(template, wish, ToolCalling.AUTO, FREE);

            assertThat(answer.text()).isEmpty();
            assertThat(answer.calls()).containsExactly("square {\"x\":7}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"cube\", \"arguments\": {\"x\": 7}}",
                "{\"name\": \"square\", \"arguments\": {\"x\": \"seven\"}}",
                "{\"name\": \"square\", \"arguments\": {}}",
                "You could send {\"name\": \"square\", \"arguments\": {\"x\": 7}}."
            })
    void other_json_stays_text(String wish) throws IOException {
        var answer = ask(Template.JINJA, wish, ToolCalling.AUTO, FREE);

        assertThat(answer.text()).isEqualTo(wish);
        assertThat(answer.calls()).isEmpty();
    }

    @Test
    void calls_in_another_notation_are_text_where_they_shall_be() throws IOException {
        var engine = load(Template.JINJA, BARE, false);

        assertThat(ask(engine, Template.JINJA, ToolCalling.AUTO, FREE).text()).isEqualTo(BARE);
    }

    @Test
    void blanks_behind_a_call_have_an_end() throws IOException {
        var blanks = TAGGED + "\n \n\t\n  \n \t \n\n \n\t\t\n   \n".repeat(40);

        var answer = ask(Template.JINJA, blanks, new ToolCalling(Choice.AUTO, Set.of(), false), FREE);

        assertThat(answer.calls()).containsExactly("square {\"x\":7}");
        assertThat(answer.tokens()).isLessThan(150);
    }

    @ParameterizedTest
    @EnumSource(Template.class)
    void a_model_that_wants_blanks_calls_all_the_same(Template template) throws IOException {
        var blanks = "\n \n\t\n  \n \t \n\n \n\t\t\n   \n".repeat(40);

        var answer = ask(template, blanks, new ToolCalling(Choice.REQUIRED, Set.of("ping"), true), FREE);

        assertThat(answer.calls()).isNotEmpty().first().asString().startsWith("ping ");
    }

    private record Answer(String text, List<String> calls, String prompt, FinishReason reason, int tokens) {}

    private Answer ask(Template template, String wish, ToolCalling calling, OutputFormat format) throws IOException {
        return ask(load(template, wish, true), template, calling, format);
    }

    private static Answer ask(Engine engine, Template template, ToolCalling calling, OutputFormat format) {
        try (engine) {
            var tools = List.of(
                    tool(
                            "square",
                            "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"integer\"}},\"required\":[\"x\"]}"),
                    tool("ping", "{\"type\":\"object\",\"properties\":{}}"));
            var request = new EngineTests.Question(new Prompt.Conversation(
                            List.of(Message.of("user", "Go")),
                            tools,
                            calling,
                            Thinking.UNSET,
                            template == Template.GO ? Optional.of(GO) : Optional.empty(),
                            "",
                            List.of()))
                    .tokens(400)
                    .format(format)
                    .request();
            var prompt = engine.render(request);
            var events = engine.generate(request).collect().asList().await().atMost(LONGEST_ANSWER);
            var calls = new ArrayList<String>();
            for (var event : events) {
                if (event instanceof GenerationEvent.ToolUse(var call)) {
                    calls.add(call.name() + " " + call.arguments().replace(" ", ""));
                }
            }
            var text = events.stream()
                    .filter(GenerationEvent.Text.class::isInstance)
                    .map(event -> ((GenerationEvent.Text) event).piece())
                    .collect(Collectors.joining());
            var end = (GenerationEvent.Finished) events.getLast();
            return new Answer(text, calls, prompt, end.reason(), end.usage().generatedTokens());
        }
    }

    private Engine load(Template template, String wish, boolean lenient) throws IOException {
        var jinja = template == Template.JINJA ? jinja() : "{% for m in messages %}{{ m.content }}{% endfor %}";
        var file = Files.write(folder.resolve("parrot.gguf"), ParrotGguf.saying(jinja, wish));
        var spec = new EngineSpec(
                "parrot", TestModelFiles.of(List.of(file)), 2048, 1, 512, 1, Placement.CPU, true, "f16", "auto", 0);
        return new NativeEngineLoader(
                        TestModels.nativeLibraries(), BackendChoice.ANY, lenient, true, ProcessHooks.ALONE)
                .load(spec, Loading.create());
    }

    private static String jinja() throws IOException {
        try (var template = ToolCallingTest.class.getResourceAsStream("/templates/thinking-tools.jinja")) {
            return new String(requireNonNull(template).readAllBytes(), UTF_8);
        }
    }

    private static ToolDefinition tool(String name, String parameters) {
        return new ToolDefinition(
                name,
                "{\"type\":\"function\",\"function\":{\"name\":\"%s\",\"description\":\"made up\",\"parameters\":%s}}"
                        .formatted(name, parameters));
    }
}
