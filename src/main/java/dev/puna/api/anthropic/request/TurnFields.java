// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.OlderTurns;
import dev.puna.chat.Message;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The turns of a conversation as Anthropic's clients send them: the system text apart, results of tools in turns of the user, which
 * become turns of their own before what the user says. <b>Threads:</b> one; for one conversation. Source: contract 1.12.
 */
final class TurnFields {
    private final OlderTurns older = new OlderTurns();
    private final OpenCalls calls = new OpenCalls();
    private final List<Message> messages = new ArrayList<>();
    private int position;

    /** Whether the turn before is one of the assistant. */
    private boolean answered;

    private TurnFields() {}

    static List<Message> messages(JsonObject json) {
        var fields = new TurnFields();
        json.field("system").ifPresent(fields::system);
        var turns = json.field("messages").map(value -> value.list("[]anthropic.MessageParam", fields::turn));
        if (turns.isEmpty() || turns.get().isEmpty()) {
            throw new InvalidRequest("messages is required");
        }
        fields.calls.requireNone("messages");
        if (fields.messages.stream().allMatch(Message::isSystem)) {
            throw new InvalidRequest("nobody says anything; give a message some text", "messages");
        }
        return fields.messages;
    }

    private void system(JsonValue value) {
        OlderTurns.takeTurn(value);
        Blocks.read(value, "system", calls).message("system").ifPresent(messages::add);
    }

    private boolean turn(JsonValue turn) {
        var before = turn.planned();
        var field = "messages." + position++;
        var json = turn.object("anthropic.MessageParam");
        OlderTurns.takeTurn(turn);
        var role = role(json.string("role"), field);
        var answers = role.equals("assistant");
        if (answers && !answered) {
            calls.requireNone(field);
        }
        answered = answers;
        var content = json.field("content")
                .orElseThrow(() -> new InvalidRequest("a text or a list of blocks is missing", field + ".content"));
        var blocks = Blocks.read(content, field + ".content", calls);
        if (!answers && blocks.calls()) {
            throw new InvalidRequest("only the assistant calls tools", field + ".content");
        }
        if (answers) {
            blocks.message(role).ifPresent(messages::add);
            messages.addAll(blocks.results());
        } else {
            messages.addAll(blocks.results());
            blocks.message(role).ifPresent(messages::add);
        }
        older.add(turn, turn.planned() - before, role.equals("system"));
        return true;
    }

    private static String role(String sent, String field) {
        var role = sent.toLowerCase(Locale.ROOT);
        return switch (role) {
            case "user", "assistant", "system" -> role;
            default ->
                throw new InvalidRequest(
                        "unknown role %s; expected \"user\" or \"assistant\"".formatted(GoQuote.quoted(sent)),
                        field + ".role");
        };
    }
}
