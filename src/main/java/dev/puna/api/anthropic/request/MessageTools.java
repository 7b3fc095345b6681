// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.OfferedTools;
import dev.puna.api.request.ToolFields;
import dev.puna.api.request.ToolNames;
import dev.puna.chat.ToolDefinition;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tools that a request offers. Those that run at Anthropic are passed over. Source: contract 1.12. */
final class MessageTools {
    /** Beginnings of the types of tools that Anthropic's servers run, whose ends are dates. */
    private static final List<String> RUN_THERE =
            List.of("web_search", "web_fetch", "code_execution", "tool_search_tool", "mcp_toolset", "advisor");

    private MessageTools() {}

    static OfferedTools read(JsonObject json) {
        var tools = new ArrayList<ToolDefinition>();
        var names = new ToolNames();
        var position = new int[1];
        json.field("tools")
                .ifPresent(given -> given.list("[]anthropic.Tool", tool -> read(tool, "tools." + position[0]++, names)
                        .map(tools::add)));
        return OfferedTools.ofNamed(tools, json);
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
        var name = tool.string("name");
        names.add(name, field + ".name");
        return Optional.of(ToolFields.function(value, tool, name, "input_schema"));
    }
}
