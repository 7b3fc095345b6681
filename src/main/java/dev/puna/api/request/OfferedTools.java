// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolDefinition;
import dev.puna.failure.InvalidRequest;
import java.util.List;

/**
 * The tools that a request of the dialects below {@code /v1} offers, and what it says about their use.
 *
 * @param tools what the model is offered
 * @param calling whether and which of them it calls
 */
public record OfferedTools(List<ToolDefinition> tools, ToolCalling calling) {
    public OfferedTools {
        tools = List.copyOf(tools);
        requireNonNull(calling, "calling is null");
    }

    /** Reads {@code tools} as OpenAI's chats and Ollama write them, and what concerns their use. */
    public static OfferedTools read(JsonObject json) {
        return of(json.field("tools").map(ToolFields::tools).orElse(List.of()), json);
    }

    /** Tools whose names were looked at already, with the same of their request. */
    public static OfferedTools ofNamed(List<ToolDefinition> tools, JsonObject json) {
        return new OfferedTools(tools, ToolChoiceFields.read(json, tools));
    }

    /**
     * Tools that were read already, with {@code tool_choice} and {@code parallel_tool_calls} of their request.
     *
     * @throws InvalidRequest if a tool has no name that a call can hold, two have the same, or the choice contradicts the tools
     */
    public static OfferedTools of(List<ToolDefinition> tools, JsonObject json) {
        requireNames(tools);
        return ofNamed(tools, json);
    }

    private static void requireNames(List<ToolDefinition> tools) {
        var names = new ToolNames();
        for (var i = 0; i < tools.size(); i++) {
            names.add(tools.get(i).name(), "tools[%d].function.name".formatted(i));
        }
    }
}
