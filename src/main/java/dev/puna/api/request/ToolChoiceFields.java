// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolCalling.Choice;
import dev.puna.chat.ToolDefinition;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a request says about the use of its tools, in {@code tool_choice} and {@code parallel_tool_calls}.
 *
 * <p>The forms of all dialects are told apart by themselves: the words of OpenAI ({@code auto}, {@code none}, {@code required}) and
 * Mistral ({@code any}), alone or as the {@code type} of an object; one tool by its name, which OpenAI's chats write inside
 * {@code function}, its responses and Anthropic's messages beside the type; and OpenAI's {@code allowed_tools}. Anthropic's
 * clients forbid several calls inside the object.
 */
public final class ToolChoiceFields {
    private static final String FIELD = "tool_choice";

    private final List<ToolDefinition> tools;
    private boolean parallel;

    private ToolChoiceFields(List<ToolDefinition> tools, boolean parallel) {
        this.tools = tools;
        this.parallel = parallel;
    }

    /**
     * Reads both fields.
     *
     * @param tools what the request offers
     * @throws InvalidRequest naming {@code tool_choice} if there is no such choice, or it contradicts the tools
     */
    public static ToolCalling read(JsonObject json, List<ToolDefinition> tools) {
        var fields = new ToolChoiceFields(tools, json.bool("parallel_tool_calls", true));
        var calling = json.field(FIELD).map(fields::choice).orElseGet(() -> fields.any(Choice.AUTO));
        return new ToolCalling(calling.choice(), calling.allowed(), fields.parallel);
    }

    private ToolCalling choice(JsonValue value) {
        if (value.isString()) {
            return any(word(value.string()));
        }
        if (!value.isObject()) {
            throw refusal("tool_choice must be \"auto\", \"none\", \"required\", or an object that names a tool");
        }
        var choice = value.object("openai.ToolChoice");
        parallel = parallel && !choice.bool("disable_parallel_tool_use", false);
        var type = choice.string("type");
        return switch (type) {
            case "function", "tool", "custom", "" -> named(name(choice, type));
            case "allowed_tools" -> allowed(inner(choice, type));
            default -> any(word(type));
        };
    }

    private static Choice word(String word) {
        return switch (word) {
            case "auto" -> Choice.AUTO;
            case "none" -> Choice.NONE;
            case "required", "any" -> Choice.REQUIRED;
            default ->
                throw refusal(
                        "tool_choice %s is not supported; use \"auto\", \"none\", \"required\", or an object that names a tool"
                                .formatted(GoQuote.quoted(word)));
        };
    }

    private ToolCalling any(Choice choice) {
        if (choice == Choice.REQUIRED && tools.isEmpty()) {
            throw refusal("tool_choice requires a call, but the request offers no tools");
        }
        return new ToolCalling(choice, Set.of(), parallel);
    }

    private ToolCalling named(String name) {
        return new ToolCalling(Choice.REQUIRED, Set.of(offered(name)), parallel);
    }

    private ToolCalling allowed(JsonObject choice) {
        var names = new HashSet<String>();
        choice.field("tools")
                .map(list -> list.list("[]openai.ToolChoice"))
                .orElse(List.of())
                .forEach(tool -> {
                    var named = tool.object("openai.ToolChoice");
                    names.add(offered(name(named, named.string("type"))));
                });
        if (names.isEmpty()) {
            throw refusal("tool_choice allows no tool; name those that may be called in its tools");
        }
        var mode = choice.string("mode");
        return new ToolCalling(any(word(mode.isEmpty() ? "auto" : mode)).choice(), names, parallel);
    }

    private String offered(String name) {
        if (name.isEmpty()) {
            throw refusal("tool_choice names no tool");
        }
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw refusal(
                    "tool_choice names the tool %s, which the request does not offer".formatted(GoQuote.quoted(name)));
        }
        return name;
    }

    private static String name(JsonObject choice, String type) {
        var beside = choice.string("name");
        return beside.isEmpty()
                ? inner(choice, type.isEmpty() ? "function" : type).string("name")
                : beside;
    }

    /** What OpenAI's chats write in a field of the type's name, others beside the type. */
    private static JsonObject inner(JsonObject choice, String type) {
        return choice.field(type)
                .map(value -> value.object("openai.ToolChoice"))
                .orElse(choice);
    }

    private static InvalidRequest refusal(String sentence) {
        return new InvalidRequest(sentence, FIELD);
    }
}
