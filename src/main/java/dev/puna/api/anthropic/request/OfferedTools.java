// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ToolFields;
import dev.puna.api.request.ToolNames;
import dev.puna.chat.ToolDefinition;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tools that a request offers, and what it says about their use. Those that run at Anthropic are passed over.
 *
 * @param tools what the model may call; none if it shall not
 */
record OfferedTools(List<ToolDefinition> tools) {
    /** Beginnings of the types of tools that Anthropic's servers run, whose ends are dates. */
    private static final List<String> RUN_THERE =
            List.of("web_search", "web_fetch", "code_execution", "tool_search_tool", "mcp_toolset", "advisor");

    OfferedTools {
        tools = List.copyOf(tools);
    }

    static OfferedTools read(JsonObject json) {
        var tools = new ArrayList<ToolDefinition>();
        var names = new ToolNames();
        var position = new int[1];
        json.field("tools")
                .ifPresent(given -> given.list("[]anthropic.Tool", tool -> read(tool, "tools." + position[0]++, names)
                        .map(tools::add)));
        var choice = json.field("tool_choice").map(value -> value.object("anthropic.ToolChoice"));
        var type = choice.map(given -> given.string("type")).orElse("auto");
        return switch (type) {
            case "auto" -> new OfferedTools(tools);
            case "none" -> new OfferedTools(List.of());
            case "any", "tool" ->
                throw new InvalidRequest(
                        "the type %s is not supported; use \"auto\" or \"none\"".formatted(GoQuote.quoted(type)),
                        "tool_choice");
            default ->
                throw new InvalidRequest(
                        "unknown type %s; expected \"auto\", \"any\", \"tool\" or \"none\""
                                .formatted(GoQuote.quoted(type)),
                        "tool_choice.type");
        };
    }

    private static Optional<ToolDefinition> read(JsonValue value, String field, ToolNames names) {
        var tool = value.object("anthropic.Tool");
        var type = tool.string("type");
        if (RUN_THERE.stream().anyMatch(type::startsWith)) {
            return Optional.empty();
        }
        if (tool.field("input_schema").isEmpty() && !type.isEmpty() && !type.equals("custom")) {
            throw new InvalidRequest(
                    "a model here knows nothing of the type %s; describe the tool with an input_schema"
                            .formatted(GoQuote.quoted(type)),
                    field);
        }
        names.add(tool.string("name"), field + ".name");
        return Optional.of(ToolFields.flat(value, tool, "input_schema"));
    }
}
