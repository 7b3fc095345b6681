// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.llama.guard.ShimJson;
import dev.puna.llama.settings.Grammar;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(60)
class ChatFormatTest {
    private static final String QUESTION = "{\"messages\": [{\"role\": \"user\", \"content\": \"Weather in Paris?\"}]}";

    private static final String TOOLS = """
            {"messages": [{"role": "user", "content": "Weather in Paris?"}],
             "tools": [{"type": "function", "function": {"name": "weather", "description": "what it is like outside",
               "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}]}
            """;

    private static LoadedModel model;
    private static ChatFormat plain;
    private static ChatFormat rich;

    @BeforeAll
    static void open() throws IOException {
        model = TestLlama.openVocabulary(TestModels.smolLm2());
        plain = model.chatFormat();
        rich = model.chatFormat(template());
    }

    @AfterAll
    static void close() {
        rich.close();
        plain.close();
        model.close();
    }

    @Test
    void the_models_own_template_renders_a_conversation() {
        var result = apply(plain, QUESTION);

        assertThat(result.path("prompt").asText())
                .contains("<|im_start|>user\nWeather in Paris?<|im_end|>\n")
                .endsWith("<|im_start|>assistant\n");
        assertThat(plain.capabilities().source()).isEqualTo(model.metadata().get("tokenizer.chat_template"));
        assertThat(plain.capabilities().thinking()).isFalse();
    }

    @Test
    void what_a_template_can_express_is_found_out() {
        assertThat(rich.capabilities())
                .isEqualTo(new ChatFormatCapabilities(rich.capabilities().source(), true, true, true));
    }

    @Test
    void a_model_without_a_template_speaks_chatml() {
        try (var gemma = TestLlama.openVocabulary(TestModels.gemma());
                var format = gemma.chatFormat()) {
            assertThat(apply(format, QUESTION).path("prompt").asText()).contains("<|im_start|>user");
        }
    }

    @Test
    void tools_go_into_the_prompt_and_their_calls_into_a_grammar() {
        var result = apply(rich, TOOLS);

        assertThat(result.path("prompt").asText()).contains("<tools>").contains("what it is like outside");
        assertThat(result.path("supports_thinking").asBoolean()).isTrue();
        var grammar = Grammar.ofChatFormat(result.path("sampler").toString());
        assertThat(grammar.samplerJson()).contains("grammar_lazy");
        model.sampler(TestLlama.greedy(grammar)).close();
    }

    @Test
    void a_plain_answer_comes_through_as_it_is() {
        try (var parser = parser(plain, QUESTION)) {
            assertThat(parser.feed(utf8("It is "), false)).isEqualTo("[{\"content\":\"It is \"}]");
            assertThat(parser.feed(utf8("<b>sunny"), false)).isEqualTo("[{\"content\":\"<b>sunny\"}]");
            assertThat(parser.feed(utf8(""), true)).isEqualTo("[]");
        }
    }

    @Test
    void thinking_content_and_calls_are_told_apart_however_the_answer_is_cut() {
        var answer = "<think>\nParis, Île-de-France \uD83C\uDF27\n</think>\n\nLet me see.\n<tool_call>\n"
                + "{\"name\": \"weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>";
        for (int size : new int[] {1, 2, 3, 7, 50, 1000}) {
            var parsed = parse(answer, size);

            assertThat(parsed.thinking.strip())
                    .as("in pieces of %d", size)
                    .isEqualTo("Paris, Île-de-France \uD83C\uDF27");
            assertThat(parsed.content.strip()).isEqualTo("Let me see.");
            assertThat(parsed.calls).isEqualTo("weather");
            assertThat(ShimJson.parse(parsed.arguments)).isEqualTo(ShimJson.parse("{\"city\": \"Paris\"}"));
        }
    }

    @Test
    void an_answer_cut_off_in_a_call_gives_what_there_is() {
        var parsed = parse("<think>\nHm\n</think>\n\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"ci", 4);

        assertThat(parsed.thinking.strip()).isEqualTo("Hm");
        assertThat(parsed.arguments).startsWith("{\"ci");
    }

    @Test
    void a_loop_of_open_brackets_does_not_end_the_process() {
        var call = "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": ";
        try (var parser = parser(rich, TOOLS)) {
            parser.feed(utf8(call + "[".repeat(4_000)), false);
            assertThat(parser.feed(utf8("{\"a\":".repeat(4_000)), false)).contains("arguments");

            assertThatThrownBy(() -> parser.feed(utf8("[".repeat(4_000)), false))
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageContaining("nested too deeply");
        }
    }

    @Test
    void a_template_that_does_not_parse_is_refused() {
        assertThatThrownBy(() -> model.chatFormat("{% if %}"))
                .isInstanceOf(NativeFailure.class)
                .hasMessageStartingWith("cannot read the chat template of SmolLM2-135M-Instruct.Q4_1.gguf: Unexpected")
                .hasMessageEndingWith("; give the model another template");
        assertThatThrownBy(() -> model.chatFormat("{{ 'a\u0000b' }}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("a text holds the character NUL");
    }

    @Test
    void a_template_that_refuses_a_conversation_is_quoted() {
        try (var format = model.chatFormat("{{ raise_exception('roles must alternate') }}")) {
            assertThatThrownBy(() -> TestLlama.apply(format, QUESTION))
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageContaining("roles must alternate");
        }
    }

    @Test
    void a_deep_template_finds_room() {
        try (var format = model.chatFormat("{{ " + "(".repeat(2_000) + "1" + ")".repeat(2_000) + " }}")) {
            assertThat(apply(format, QUESTION).path("prompt").asText()).isEqualTo("1");
        }
    }

    @Test
    void a_template_nested_beyond_any_stack_is_refused() {
        for (var jinja : List.of(
                "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
                "{{ 1" + " + 1".repeat(100_000) + " }}",
                "{% if x %}" + "{% elif x %}".repeat(50_000) + "{% endif %}")) {
            assertThatThrownBy(() -> model.chatFormat(jinja)).hasMessageContaining("nested too deeply");
        }
    }

    @Test
    void macros_may_call_themselves_as_deep_as_data_goes() {
        var jinja = "{% macro f(x) %}{% if x > 0 %}{{ x }},{{ f(x - 1) }}{% endif %}{% endmacro %}{{ f(500) }}";
        try (var format = model.chatFormat(jinja)) {
            assertThat(apply(format, QUESTION).path("prompt").asText())
                    .startsWith("500,499,")
                    .endsWith(",2,1,");
        }
    }

    @Test
    void macros_that_call_each_other_without_end_are_stopped() {
        for (var jinja : List.of(
                "{% macro f(x) %}{{ g(x) }}{% endmacro %}{% macro g(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(1) }}",
                "{% macro f() %}{% call f() %}x{% endcall %}{% endmacro %}{{ f() }}")) {
            try (var format = model.chatFormat(jinja)) {
                assertThatThrownBy(() -> TestLlama.apply(format, QUESTION)).hasMessageContaining("without end");
            }
        }
    }

    @Test
    void loops_that_go_on_for_too_long_are_stopped() {
        var loops = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}";
        try (var format = model.chatFormat("{% if messages[0].content == 'Hi' %}" + loops + "{% endif %}")) {
            assertThatThrownBy(() -> TestLlama.apply(format, QUESTION.replace("Weather in Paris?", "Hi")))
                    .isInstanceOf(NativeFailure.class);
        }
        try (var format = model.chatFormat("{{ range(3000000000) | length }}{{ range(0, 5, 2) }}")) {
            assertThatThrownBy(() -> TestLlama.apply(format, QUESTION)).hasMessageContaining("range() is too long");
        }
    }

    @Test
    void text_that_doubles_for_ever_is_stopped() {
        var doubling = "{% set ns = namespace(s='aaaaaaaa') %}"
                + "{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}";
        try (var format = model.chatFormat("{% if messages[0].content == 'Hi' %}" + doubling + "{% endif %}")) {
            assertThatThrownBy(() -> TestLlama.apply(format, QUESTION.replace("Weather in Paris?", "Hi")))
                    .hasMessageContaining("the chat template takes too");
        }
    }

    @Test
    void inputs_that_are_no_conversation_are_refused() {
        assertThatThrownBy(() -> TestLlama.apply(plain, "{}"))
                .isInstanceOf(NativeFailure.class)
                .hasMessageContaining("messages");
        assertThatThrownBy(() -> TestLlama.apply(plain, "{\"messages\": 5}")).isInstanceOf(NativeFailure.class);
    }

    @Test
    void nested_without_end_is_an_invalid_request() {
        var deep = "[".repeat(5_000) + "]".repeat(5_000);
        var arguments = TOOLS.replace("\"content\": \"Weather in Paris?\"", """
                "content": "", "tool_calls": [{"type": "function",
                  "function": {"name": "weather", "arguments": "%s"}}]
                """.formatted(deep));
        assertThatThrownBy(() -> TestLlama.apply(rich, arguments)).isInstanceOf(InvalidRequest.class);

        var circle = TOOLS.replace("\"type\": \"string\"", """
                "allOf": [{"$ref": "#/properties/city/allOf/0"}]
                """);
        assertThatThrownBy(() -> TestLlama.apply(rich, circle)).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> TestLlama.apply(plain, "{\"messages\": [], \"json_schema\": \"{\"}"))
                .isInstanceOf(InvalidRequest.class);
    }

    @Test
    void many_threads_may_render_at_once() throws Exception {
        var expected = TestLlama.apply(rich, TOOLS);
        Callable<JsonNode> rendering = () -> TestLlama.apply(rich, TOOLS);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var result : threads.invokeAll(Collections.nCopies(16, rendering), 30, TimeUnit.SECONDS)) {
                assertThat(result.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void closed_formats_and_parsers_refuse_to_be_used() {
        var format = model.chatFormat("{{ messages[0].content }}");
        var parser = parser(format, QUESTION);
        format.close();
        format.close();
        parser.close();
        parser.close();

        assertThatThrownBy(() -> TestLlama.apply(format, QUESTION)).hasMessage("ChatFormat is closed");
        assertThatThrownBy(() -> parser.feed(utf8("a"), false)).hasMessage("AnswerParser is closed");
    }

    @Test
    void a_parser_needs_parameters_that_it_knows() {
        assertThatThrownBy(() -> ChatParser.open("no json")).isInstanceOf(NativeFailure.class);
        assertThatThrownBy(() -> ChatParser.open("{\"arena\": \"no arena\"}")).isInstanceOf(NativeFailure.class);
    }

    private static JsonNode apply(ChatFormat format, String inputs) {
        return TestLlama.apply(format, inputs);
    }

    private static ChatParser parser(ChatFormat format, String inputs) {
        return ChatParser.open(apply(format, inputs).path("parser").toString());
    }

    private static Parsed parse(String answer, int pieceSize) {
        var parsed = new Parsed();
        var bytes = utf8(answer);
        try (var parser = parser(rich, TOOLS)) {
            for (int from = 0; from < bytes.length; from += pieceSize) {
                int to = Math.min(bytes.length, from + pieceSize);
                parsed.add(parser.feed(Arrays.copyOfRange(bytes, from, to), to == bytes.length));
            }
        }
        return parsed;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static String template() throws IOException {
        try (var in = ChatFormatTest.class.getResourceAsStream("/templates/thinking-tools.jinja")) {
            return new String(requireNonNull(in).readAllBytes(), UTF_8);
        }
    }

    /** The differences put together again. */
    private static final class Parsed {
        private String thinking = "";
        private String content = "";
        private String calls = "";
        private String arguments = "";

        private void add(String differences) {
            for (var difference : ShimJson.parse(differences)) {
                thinking += difference.path("thinking").asText();
                content += difference.path("content").asText();
                calls += difference.path("tool_call").path("name").asText();
                arguments += difference.path("tool_call").path("arguments").asText();
            }
        }
    }
}
