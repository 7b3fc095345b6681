// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolDefinition;
import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Loading;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Prompt;
import dev.puna.engine.local.NativeEngineLoader;
import dev.puna.engine.local.ProcessHooks;
import dev.puna.llama.BackendChoice;
import dev.puna.model.GenerationOptions;
import dev.puna.support.TestModelFiles;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** How many of fifty made questions a model answers with a call, by its template's notation alone, by any, and where it must. */
final class ToolCalls {
    private static final Path QUESTIONS = Path.of("src/bench/tools/questions.json");
    private static final int LONGEST_ANSWER = 160;

    private ToolCalls() {}

    static void shares(Setting setting, Path model, ResultTable table) throws IOException {
        var questions = new ObjectMapper().readTree(QUESTIONS.toFile());
        shares("calls by the template's notation", setting, model, false, ToolCalling.AUTO, questions, table);
        shares("calls by any notation", setting, model, true, ToolCalling.AUTO, questions, table);
        var required = new ToolCalling(ToolCalling.Choice.REQUIRED, Set.of(), true);
        shares("calls where they are required", setting, model, true, required, questions, table);
    }

    private static void shares(
            String what,
            Setting setting,
            Path model,
            boolean lenient,
            ToolCalling calling,
            JsonNode questions,
            ResultTable table) {
        var spec = new EngineSpec(
                "bench",
                TestModelFiles.of(List.of(model)),
                4096,
                1,
                512,
                setting.threads(),
                Placement.CPU,
                true,
                "f16",
                "auto",
                0);
        var loader = new NativeEngineLoader(
                TestModels.nativeLibraries(), BackendChoice.ANY, lenient, true, ProcessHooks.ALONE);
        var called = 0;
        var right = 0;
        var all = questions.path("questions");
        try (var engine = loader.load(spec, Loading.create())) {
            for (var question : all) {
                var names = calls(engine, question, questions.path("tools"), calling);
                called += names.isEmpty() ? 0 : 1;
                right += names.contains(question.path("wanted").asText()) ? 1 : 0;
            }
        }
        table.row(what + ", share", called / (double) all.size());
        table.row(what + ", share of the right tool", right / (double) all.size());
    }

    private static List<String> calls(Engine engine, JsonNode question, JsonNode tools, ToolCalling calling) {
        var offered = question.path("tools")
                .valueStream()
                .map(name -> tool(name.asText(), tools))
                .toList();
        var conversation = new Prompt.Conversation(
                List.of(Message.of("user", question.path("question").asText())),
                offered,
                calling,
                Thinking.UNSET,
                Optional.empty(),
                "",
                List.of());
        var options = new GenerationOptions(
                0, 40, 0.9f, 0, 1, 64, 1, 0, 0, OptionalLong.empty(), LONGEST_ANSWER, 4, List.of(), Map.of(), false);
        var request = new GenerationRequest(
                conversation, options, new OutputFormat.Free(), true, true, false, false, OptionalInt.empty());
        return engine.generate(request).collect().asList().await().atMost(Duration.ofMinutes(5)).stream()
                .filter(GenerationEvent.ToolUse.class::isInstance)
                .map(event -> ((GenerationEvent.ToolUse) event).call().name())
                .toList();
    }

    private static ToolDefinition tool(String name, JsonNode tools) {
        return tools.valueStream()
                .filter(tool -> tool.at("/function/name").asText().equals(name))
                .findFirst()
                .map(tool -> new ToolDefinition(name, tool.toString()))
                .orElseThrow();
    }
}
