// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ToolFields;
import dev.puna.api.request.ToolNames;
import dev.puna.chat.ToolDefinition;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.List;

/**
 * The tools that a request offers, and what it says about their use.
 *
 * @param tools what the model may call; none if it shall not
 */
record OfferedTools(List<ToolDefinition> tools) {
    OfferedTools {
        tools = List.copyOf(tools);
    }

    static OfferedTools read(JsonObject json) {
        var tools = json.field("tools").map(ToolFields::tools).orElse(List.of());
        requireNames(tools);
        var choice = json.field("tool_choice").map(OfferedTools::choice).orElse("auto");
        return switch (choice) {
            case "auto" -> new OfferedTools(tools);
            case "none" -> new OfferedTools(List.of());
            default ->
                throw new InvalidRequest(
                        "tool_choice %s is not supported; use \"auto\" or \"none\"".formatted(GoQuote.quoted(choice)),
                        "tool_choice");
        };
    }

    /** The name of a choice, or that of the function that is to be called. */
    private static String choice(JsonValue value) {
        return value.isString()
                ? value.string()
                : value.object("openai.ToolChoice")
                        .field("function")
                        .map(function ->
                                function.object("openai.ToolChoiceFunction").string("name"))
                        .orElse("");
    }

    private static void requireNames(List<ToolDefinition> tools) {
        var names = new ToolNames();
        for (var i = 0; i < tools.size(); i++) {
            names.add(tools.get(i).name(), "tools[%d].function.name".formatted(i));
        }
    }
}
