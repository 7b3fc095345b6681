// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PromptTemplateTest {
    private static final String TOOL = """
            {"type": "function", "function": {"name": "weather", "description": "a <city>", "unknown": 1, "parameters":
            {"type": "object", "properties": {"unit": {"type": ["string", "null"], "enum": ["C", "F"]},
            "city": {"type": "string"}, "days": {"anyOf": [{"type": "integer"}, {"type": "array"}]}},
            "required": ["city"]}}}""";

    @Test
    void a_template_of_today_gets_all_messages_at_once() {
        var template = "{{ range .Messages }}<{{ .Role }}>{{ .Content }}{{ end }}<assistant>";

        assertThat(render(template, system("S"), user("A"), assistant("B"), user("C")))
                .isEqualTo("<system>S<user>A<assistant>B<user>C<assistant>");
    }

    @Test
    void neighbours_of_one_role_become_one_but_for_results_of_tools() {
        var template = "{{ .System }}|{{ range .Messages }}[{{ .Role }}:{{ .Content }}]{{ end }}";

        assertThat(render(template, system("S"), user("a"), user("b"), tool("1"), tool("2"), system("T")))
                .isEqualTo("S\n\nT|[system:S][user:a\n\nb][tool:1][tool:2][system:T]");
    }

    @Test
    void an_older_template_runs_for_every_exchange_and_ends_where_the_answer_begins() {
        var template = "{{ if .System }}<<{{ .System }}>> {{ end }}[{{ .Prompt }}] {{ .Response }}</s>";

        assertThat(render(template, system("S"), user("A"), assistant("B"), user("C")))
                .isEqualTo("<<S>> [A] B</s>[C] ");
        assertThat(render(template, user("A"), assistant("B"))).isEqualTo("[A] B");
    }

    @Test
    void a_template_that_forgets_the_answer_gets_it_at_the_end() {
        assertThat(render("{{ .Prompt }}\n", user("A"), assistant("B"), user("C")))
                .isEqualTo("A\nBC\n");
    }

    @Test
    void what_follows_the_answer_goes_into_the_template_of_a_model_that_fills_in() {
        var template = PromptTemplate.parse(
                "{{ if .Suffix }}<PRE>{{ .Prompt }}<SUF>{{ .Suffix }}<MID>{{ else }}{{ .Prompt }}{{ end }}");

        var inputs = new PromptInputs(List.of(user("def f(")), List.of(), Thinking.UNSET, " return");

        assertThat(template.render(inputs)).isEqualTo("<PRE>def f(<SUF> return<MID>");
    }

    @Test
    void properties_of_properties_keep_their_order_and_all_else_is_sorted() {
        var tool = """
                {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {
                "b": {"type": "object", "properties": {"z": {"type": "object", "properties": {"y": {}, "x": {}}},
                  "a": {"type": "array", "items": {"d": 1, "c": {"f": 1, "e": 2}}}, "z2": {"enum": [{"k": 1, "j": 2}]}}},
                "a": {"type": "string"}}}}}""";
        var template = PromptTemplate.parse(
                "{{ range .Messages }}{{ end }}{{ range .Tools }}{{ .Function.Parameters }}{{ end }}");

        var text = template.render(
                new PromptInputs(List.of(user("a")), List.of(new ToolDefinition("f", tool)), Thinking.UNSET, ""));

        assertThat(text)
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"object\","
                                + "\"properties\":{\"z\":{\"type\":\"object\",\"properties\":{\"y\":{},\"x\":{}}},"
                                + "\"a\":{\"type\":\"array\",\"items\":{\"c\":{\"e\":2,\"f\":1},\"d\":1}},"
                                + "\"z2\":{\"enum\":[{\"j\":2,\"k\":1}]}}}}}");
    }

    @Test
    void tools_print_as_json_in_the_order_of_ollamas_fields_and_range_by_name() {
        var tools = List.of(new ToolDefinition("weather", TOOL));
        var template = PromptTemplate.parse("""
                {{ range .Messages }}{{ end }}{{ .Tools }}{{ range .Tools }}
                {{ .Function }}
                {{ json .Function.Parameters.Required }}{{ range $name, $p := .Function.Parameters.Properties }}
                {{ $name }}: {{ toTypeScriptType $p }} {{ $p.Type }}{{ end }}{{ end }}""");

        var text = template.render(new PromptInputs(List.of(user("a")), tools, Thinking.UNSET, ""));

        var function =
                "{\"name\":\"weather\",\"description\":\"a \\u003ccity\\u003e\",\"parameters\":{\"type\":\"object\","
                        + "\"required\":[\"city\"],\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"anyOf\":[{\"type\":\"integer\"},"
                        + "{\"type\":\"array\"}]},\"unit\":{\"type\":[\"string\",\"null\"],\"enum\":[\"C\",\"F\"]}}}}";
        assertThat(text)
                .isEqualTo(
                        "[{\"type\":\"function\",\"function\":" + function + "}]\n" + function
                                + "\n[\"city\"]\ncity: string string\ndays: number | any[] \nunit: string | null [string null]");
    }

    @Test
    void calls_of_tools_show_their_arguments_as_json_and_by_name() {
        var call = new ToolCall(
                "id1", 0, "weather", "{\"city\": \"Par\u00efs\", \"big\": 1000000, \"a\": [1, 2.5, null]}");
        var message = new Message("assistant", "", "why", List.of(new Image(new byte[] {1, 2})), List.of(call), "", "");
        var template =
                "{{ range .Messages }}{{ .Thinking }} {{ len .Images }} {{ range .ToolCalls }}{{ .ID }} {{ .Function.Name }} "
                        + "{{ .Function.Index }} {{ .Function.Arguments }} {{ range $k, $v := .Function.Arguments }}{{ $k }}={{ $v }},"
                        + "{{ end }}{{ .Function.Arguments.none }}{{ end }}{{ end }}";

        assertThat(render(template, message))
                .isEqualTo("why 1 id1 weather 0 {\"a\":[1,2.5,null],\"big\":1000000,\"city\":\"Par\u00efs\"} "
                        + "a=[1 2.5 <nil>],big=1e+06,city=Par\u00efs,<no value>");
    }

    @Test
    void whole_numbers_beyond_float64_keep_their_digits_in_arguments() {
        var call = new ToolCall("", 0, "ban", "{\"user\":1234567890123456789,\"n\":9007199254740992,\"small\":7}");
        var message = new Message("assistant", "", "", List.of(), List.of(call), "", "");

        assertThat(render(
                        "{{ range .Messages }}{{ range .ToolCalls }}{{ .Function.Arguments }}{{ end }}{{ end }}",
                        message))
                .isEqualTo("{\"n\":9007199254740992,\"small\":7,\"user\":1234567890123456789}");
    }

    @Test
    void tags_of_thoughts_and_calls_are_found_in_what_is_written_for_earlier_turns() {
        var tags = PromptTemplate.parse("""
                        {{- range .Messages }}<|{{ .Role }}|>
                        {{- if and .Thinking $.Think }}<think>
                        {{ .Thinking }}
                        </think>
                        {{ end }}{{ .Content }}
                        {{- if .ToolCalls }}
                        <tool_call>
                        {{- range .ToolCalls }}{"name": "{{ .Function.Name }}"}{{ end }}</tool_call>{{ end }}
                        {{- end }}""").answerTags();

        assertThat(tags).isEqualTo(new ResponseTags("<think>", "</think>", "<tool_call>"));
        assertThat(PromptTemplate.parse("{{ .Prompt }}").answerTags()).isEqualTo(new ResponseTags("", "", "{"));
        assertThat(PromptTemplate.parse("{{ range .Messages }}{{ if .ToolCalls }}{{ .Role }}x{{ end }}{{ end }}")
                        .answerTags()
                        .toolCall())
                .isEqualTo("{");
    }

    @Test
    void how_much_to_think_is_told_in_three_values() {
        var template =
                PromptTemplate.parse("{{ .Think }} {{ .ThinkLevel }} {{ .IsThinkSet }}{{ range .Messages }}{{ end }}");

        assertThat(template.render(thinking(Thinking.UNSET))).isEqualTo("false  false");
        assertThat(template.render(thinking(Thinking.OFF))).isEqualTo("false  true");
        assertThat(template.render(thinking(Thinking.ON))).isEqualTo("true medium true");
        assertThat(template.render(thinking(Thinking.HIGH))).isEqualTo("true high true");
    }

    @Test
    void a_chat_of_20_messages_is_rendered_in_less_than_a_millisecond_once_warm() {
        var template = PromptTemplate.parse("""
                {{- range $i, $_ := .Messages }}
                {{- $last := eq (len (slice $.Messages $i)) 1 }}
                {{- if or (eq .Role "user") (eq .Role "system") }}<start_of_turn>user
                {{ .Content }}<end_of_turn>
                {{ if $last }}<start_of_turn>model
                {{ end }}
                {{- else if eq .Role "assistant" }}<start_of_turn>model
                {{ .Content }}{{ if not $last }}<end_of_turn>
                {{ end }}{{- end }}{{- end }}""");
        var messages = new ArrayList<Message>();
        for (var i = 0; i < 10; i++) {
            messages.add(user("question " + i + " ".repeat(200)));
            messages.add(assistant("answer " + i + " \u00e9".repeat(200)));
        }
        var inputs = new PromptInputs(messages, List.of(), Thinking.UNSET, "");
        for (var i = 0; i < 3000; i++) {
            template.render(inputs);
        }

        var best = Long.MAX_VALUE;
        for (var i = 0; i < 200; i++) {
            var start = System.nanoTime();
            template.render(inputs);
            best = Math.min(best, System.nanoTime() - start);
        }

        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(1));
    }

    private static PromptInputs thinking(Thinking thinking) {
        return new PromptInputs(List.of(user("a")), List.of(), thinking, "");
    }

    private static String render(String template, Message... messages) {
        return PromptTemplate.parse(template)
                .render(new PromptInputs(List.of(messages), List.of(), Thinking.UNSET, ""));
    }

    private static Message system(String text) {
        return Message.of("system", text);
    }

    private static Message user(String text) {
        return Message.of("user", text);
    }

    private static Message assistant(String text) {
        return Message.of("assistant", text);
    }

    private static Message tool(String text) {
        return Message.of("tool", text);
    }
}
