// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.OlderTurns;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** The turns and tools of a chat as they come over the wire. Source: contract 1.4. */
final class ConversationFields {
    private ConversationFields() {}

    static List<Message> messages(JsonValue value) {
        var older = new OlderTurns();
        return value.list("[]api.Message", turn -> {
            var before = turn.planned();
            var message = message(turn);
            older.add(turn, turn.planned() - before, message.isSystem());
            return message;
        });
    }

    private static Message message(JsonValue value) {
        var json = value.object("api.Message");
        OlderTurns.takeTurn(json);
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
        var position = new AtomicInteger();
        return value.list("[]api.ToolCall", call -> toolCall(call.object("api.ToolCall"), position.getAndIncrement()));
    }

    private static ToolCall toolCall(JsonObject call, int position) {
        var id = call.string("id");
        OlderTurns.takeCall(call);
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
        value.planTrees();
        value.plan(RequestFields.COPIES * value.width());
        return value.rewritten();
    }
}
