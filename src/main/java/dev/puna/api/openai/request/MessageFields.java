// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.OlderTurns;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The turns of a chat as OpenAI's clients send them. <b>Threads:</b> one; for one conversation. Source: contract 1.11. */
public final class MessageFields {
    private final OlderTurns older = new OlderTurns();

    /** Names of the tools of earlier calls, by the ids of those. */
    private final Map<String, String> called = new HashMap<>();

    private int position;

    private MessageFields() {}

    static List<Message> messages(JsonObject json) {
        var fields = new MessageFields();
        var messages = json.field("messages")
                .map(turns -> turns.list("[]openai.Message", fields::turn))
                .orElse(List.of());
        if (messages.isEmpty()) {
            throw new InvalidRequest("[] is too short - 'messages'");
        }
        return messages;
    }

    private Message turn(JsonValue turn) {
        var before = turn.planned();
        var message = message(turn.object("openai.Message"));
        older.add(turn, turn.planned() - before, message.isSystem());
        position++;
        return message;
    }

    private Message message(JsonObject json) {
        OlderTurns.takeTurn(json);
        var role = role(json.string("role"));
        var isResult = role.equals("tool");
        var content = json.field("content")
                .map(value -> ContentParts.read(value, isResult ? "" : "\n\n", "messages[" + position + "].content"));
        var calls = json.field("tool_calls").map(this::calls).orElse(List.of());
        if (content.isEmpty() && json.field("tool_calls").isEmpty()) {
            throw new InvalidRequest("invalid message content type: <nil>");
        }
        var said = content.orElse(ContentParts.NONE);
        var id = json.string("tool_call_id");
        return new Message(
                role,
                said.text(),
                thinking(json),
                said.images(),
                calls,
                isResult ? tool(json.string("name"), id) : "",
                id);
    }

    private String role(String sent) {
        return role(sent, "messages[" + position + "].role");
    }

    /**
     * Who speaks, as templates call them.
     *
     * @param field where it stands in the request
     */
    public static String role(String sent, String field) {
        return switch (sent.toLowerCase(Locale.ROOT)) {
            case "system", "developer" -> "system";
            case "user" -> "user";
            case "assistant" -> "assistant";
            case "tool", "function" -> "tool";
            default ->
                throw new InvalidRequest(
                        "unknown role %s; expected \"system\", \"developer\", \"user\", \"assistant\" or \"tool\""
                                .formatted(GoQuote.quoted(sent)),
                        field);
        };
    }

    /** As Ollama calls it, else as llama-server and others do. */
    private static String thinking(JsonObject json) {
        var reasoning = json.prose("reasoning", RequestFields.COPIES);
        return reasoning.isEmpty() ? json.prose("reasoning_content", RequestFields.COPIES) : reasoning;
    }

    private String tool(String name, String id) {
        if (called.isEmpty() || (!id.isEmpty() && !called.containsKey(id))) {
            throw new InvalidRequest(
                    "a message of the role \"tool\" must answer a call in an earlier message",
                    "messages[" + position + "].tool_call_id");
        }
        return name.isEmpty() ? called.getOrDefault(id, "") : name;
    }

    private List<ToolCall> calls(JsonValue value) {
        var calls = new ArrayList<ToolCall>();
        value.list("[]openai.ToolCall", call -> calls.add(call(call.object("openai.ToolCall"), calls.size())));
        calls.forEach(call -> called.put(call.id(), call.name()));
        return calls;
    }

    private ToolCall call(JsonObject call, int index) {
        OlderTurns.takeCall(call);
        var function = call.field("function").map(value -> value.object("openai.ToolCallFunction"));
        return new ToolCall(
                call.string("id"),
                index,
                function.map(json -> json.string("name")).orElse(""),
                function.flatMap(json -> json.field("arguments"))
                        .map(value -> arguments(value, index))
                        .orElse("{}"));
    }

    private String arguments(JsonValue value, int call) {
        try {
            return arguments(value);
        } catch (InvalidRequest refused) {
            throw new InvalidRequest(
                    refused.text(), "messages[%d].tool_calls[%d].function.arguments".formatted(position, call));
        }
    }

    /** The text of an object, written anew; of a tool without parameters some clients send nothing. */
    public static String arguments(JsonValue value) {
        if (value.string().isBlank()) {
            return "{}";
        }
        try {
            var inside = value.embedded();
            if (inside.isObject()) {
                inside.planTrees();
                inside.plan(RequestFields.COPIES * inside.width());
                return inside.rewritten();
            }
        } catch (InvalidRequest _) {
            // Told below, in Ollama's words.
        }
        throw new InvalidRequest("invalid tool call arguments");
    }
}
