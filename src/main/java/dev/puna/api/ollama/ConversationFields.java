// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The turns and tools of a chat as they come over the wire. Source: contract 1.4. */
final class ConversationFields {
    /** A turn without its texts: its record, and the nodes of the JSON that a template gets. */
    private static final int MESSAGE = 1_000;

    /** A call without its arguments, likewise. */
    private static final int CALL = 1_500;

    private ConversationFields() {}

    static List<Message> messages(JsonValue value) {
        return value.list("[]api.Message").stream()
                .map(ConversationFields::message)
                .toList();
    }

    private static Message message(JsonValue value) {
        var json = value.object("api.Message");
        json.reserve(MESSAGE);
        return new Message(
                json.string("role").toLowerCase(Locale.ROOT),
                json.prose("content", RequestFields.COPIES),
                json.prose("thinking", RequestFields.COPIES),
                json.field("images").map(RequestFields::images).orElse(List.of()),
                json.field("tool_calls").map(ConversationFields::toolCalls).orElse(List.of()),
                json.string("tool_name"),
                json.string("tool_call_id"));
    }

    private static List<ToolCall> toolCalls(JsonValue value) {
        var calls = new ArrayList<ToolCall>();
        for (var call : value.list("[]api.ToolCall")) {
            calls.add(toolCall(call.object("api.ToolCall"), calls.size()));
        }
        return calls;
    }

    private static ToolCall toolCall(JsonObject call, int position) {
        var id = call.string("id");
        call.reserve(CALL);
        var function = call.field("function").map(value -> value.object("api.ToolCallFunction"));
        if (function.isEmpty()) {
            return new ToolCall(id, position, "", "{}");
        }
        var json = function.get();
        var index = json.integer("index").orElse((long) position);
        var arguments =
                json.field("arguments").map(ConversationFields::arguments).orElse("{}");
        return new ToolCall(
                id, Math.toIntExact(Math.clamp(index, 0, Integer.MAX_VALUE)), json.string("name"), arguments);
    }

    /** The text of an object, written anew; anything else is refused. */
    private static String arguments(JsonValue value) {
        value.requireOrderedMap();
        value.reserveTrees();
        return value.rewritten();
    }

    static List<ToolDefinition> tools(JsonValue value) {
        return value.list("api.Tools").stream().map(ConversationFields::tool).toList();
    }

    private static ToolDefinition tool(JsonValue value) {
        var json = value.object("api.Tool");
        value.reserveTrees();
        var form = ToolForm.of(json);
        var name = json.field("function")
                .map(function -> function.object("api.ToolFunction").string("name"))
                .orElse("");
        return new ToolDefinition(name, form);
    }
}
