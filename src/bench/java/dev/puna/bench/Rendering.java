// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.puna.api.json.JsonObject;
import dev.puna.api.openai.request.ChatRequest;
import dev.puna.chat.Thinking;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.prompt.ChatTemplate;
import dev.puna.engine.prompt.JinjaTemplate;
import dev.puna.engine.prompt.PromptBuilder;
import dev.puna.llama.ChatFormat;
import dev.puna.llama.JsonSchemas;
import dev.puna.llama.LoadedModel;
import dev.puna.llama.TestLlama;
import dev.puna.model.GenerationOptions;
import dev.puna.support.LlamaTemplates;
import dev.puna.support.TestModels;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What it costs to make a prompt of a conversation, without a model: the body read and checked, rendered, made tokens. */
final class Rendering {
    private static final int WARM_UP = 200;
    private static final int ROUNDS = 100;
    private static final int CONTEXT = 1 << 20;

    private static final String GO = """
            {{- if or .System .Tools }}<|im_start|>system
            {{ .System }}{{ if .Tools }}
            # Tools
            <tools>{{- range .Tools }}
            {"type": "function", "function": {{ .Function }}}{{- end }}
            </tools>{{ end }}<|im_end|>
            {{ end }}
            {{- range $i, $_ := .Messages }}
            {{- $last := eq (len (slice $.Messages $i)) 1 -}}
            {{- if eq .Role "user" }}<|im_start|>user
            {{ .Content }}<|im_end|>
            {{ else if eq .Role "assistant" }}<|im_start|>assistant
            {{ if .Content }}{{ .Content }}
            {{- else if .ToolCalls }}<tool_call>
            {{ range .ToolCalls }}{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}
            {{ end }}</tool_call>
            {{- end }}{{ if not $last }}<|im_end|>
            {{ end }}
            {{- else if eq .Role "tool" }}<|im_start|>user
            <tool_response>
            {{ .Content }}
            </tool_response><|im_end|>
            {{ end }}
            {{- if and (ne .Role "assistant") $last }}<|im_start|>assistant
            {{ end }}
            {{- end }}""";

    private Rendering() {}

    static void prompts(ResultTable table) {
        try (var model = TestLlama.openVocabulary(TestModels.smolLm2());
                var format = model.chatFormat(LlamaTemplates.read("Qwen-Qwen2.5-7B-Instruct"))) {
            for (var template : List.of(Optional.<String>empty(), Optional.of(GO))) {
                var name = template.isEmpty() ? "Jinja" : "Go";
                measure(name + ", 20 messages", body(20, 0), template, model, format, table);
                measure(name + ", 20 messages, 3 tools", body(20, 3), template, model, format, table);
                measure(name + ", 200 messages, 40 tools", body(200, 40), template, model, format, table);
            }
        }
    }

    private static void measure(
            String what,
            byte[] body,
            Optional<String> template,
            LoadedModel model,
            ChatFormat format,
            ResultTable table) {
        var capabilities = format.capabilities();
        var jinja = new JinjaTemplate(
                format::apply, capabilities.parallelToolCalls(), capabilities.thinking(), JsonSchemas::toGrammar);
        var vocabulary = model.vocabulary();
        var builder = new PromptBuilder(vocabulary, new ChatTemplate(jinja, vocabulary), Optional.empty(), CONTEXT);
        var given = request(body, template);
        var text = builder.build(given).text();
        var tokens = cost(() -> vocabulary.tokens(text, true, () -> {}).all());
        table.row(what + ": read, CPU ms", cost(() -> request(body, template)));
        table.row(what + ": rendered, CPU ms", cost(() -> builder.build(given)) - tokens);
        table.row(what + ": made tokens, CPU ms", tokens);
    }

    /** Milliseconds of processor time, the mean of many rounds: its clock is coarse. */
    private static double cost(Runnable work) {
        for (var round = 0; round < WARM_UP; round++) {
            work.run();
        }
        var start = processorTime();
        for (var round = 0; round < ROUNDS; round++) {
            work.run();
        }
        return (processorTime() - start) / 1e6 / ROUNDS;
    }

    /** Of the whole process, since templates run on threads of their own; other programs do not count. */
    private static long processorTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static GenerationRequest request(byte[] body, Optional<String> template) {
        var completion = ChatRequest.read(JsonObject.read(body, "openai.ChatCompletionRequest"))
                .completion();
        var options = new GenerationOptions(
                0, 40, 0.9f, 0, 1, 64, 1, 0, 0, OptionalLong.empty(), 1, 4, List.of(), Map.of(), false);
        var conversation = new Prompt.Conversation(
                completion.messages(),
                completion.tools(),
                completion.calling(),
                Thinking.UNSET,
                template,
                "",
                List.of());
        return new GenerationRequest(
                conversation, options, new OutputFormat.Free(), true, true, false, false, OptionalInt.empty());
    }

    /** A conversation of an agent: questions, calls, results, answers. */
    private static byte[] body(int messages, int tools) {
        var body = new ObjectMapper().createObjectNode().put("model", "bench");
        var turns = body.putArray("messages");
        turns.addObject().put("role", "system").put("content", "You are a careful agent.");
        while (turns.size() < messages) {
            var number = turns.size();
            switch (number % 4) {
                case 1 -> turns.addObject().put("role", "user").put("content", "Look at file " + number + ", please.");
                case 2 -> call(turns.addObject().put("role", "assistant").put("content", ""), number);
                case 3 ->
                    turns.addObject()
                            .put("role", "tool")
                            .put("tool_call_id", "call_" + (number - 1))
                            .put("content", "line of text\n".repeat(10));
                default ->
                    turns.addObject().put("role", "assistant").put("content", "The file holds ten lines of text.");
            }
        }
        for (var number = 0; number < tools; number++) {
            tool(body.withArray("/tools").addObject(), number);
        }
        return body.toString().getBytes(UTF_8);
    }

    private static void call(ObjectNode turn, int number) {
        var call = turn.putArray("tool_calls")
                .addObject()
                .put("id", "call_" + number)
                .put("type", "function");
        call.putObject("function")
                .put("name", "tool_0")
                .put("arguments", "{\"path\":\"/home/me/%d.txt\",\"lines\":[1,10]}".formatted(number));
    }

    private static void tool(ObjectNode tool, int number) {
        var function = tool.put("type", "function").putObject("function").put("name", "tool_" + number);
        function.put("description", "Does the thing of number " + number + " to a file, as carefully as it can.");
        var parameters = function.putObject("parameters").put("type", "object");
        var properties = parameters.putObject("properties");
        properties.putObject("path").put("type", "string").put("description", "Path of the file");
        properties.putObject("lines").put("type", "array").putObject("items").put("type", "integer");
        properties
                .putObject("mode")
                .put("type", "string")
                .putArray("enum")
                .add("read")
                .add("write");
        properties.putObject("limit").put("type", "integer").put("minimum", 1);
        parameters.putArray("required").add("path");
    }
}
