// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.OlderTurns;
import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The turns of a conversation as Anthropic's clients send them: the system text apart, results of tools in turns of the user, which
 * become turns of their own before what the user says. Turns of the user that follow each other are one, as at Anthropic; a system text
 * in the middle belongs to them, since few templates know such turns. <b>Threads:</b> one; for one conversation. Source: contract 1.12,
 * departure 23.
 */
final class TurnFields {
    private static final String EMPTY_LINE = "\n\n";

    private final OlderTurns older = new OlderTurns();
    private final OpenCalls calls = new OpenCalls();
    private final List<Message> messages = new ArrayList<>();

    /** System texts before all turns. */
    private final List<String> system = new ArrayList<>();

    /** What the user says, and shows, until somebody else speaks. */
    private final List<String> said = new ArrayList<>();

    private final List<Image> shown = new ArrayList<>();
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
        return fields.all();
    }

    private List<Message> all() {
        calls.requireNone("messages");
        endUserTurn();
        if (messages.isEmpty()) {
            throw new InvalidRequest("nobody says anything; give a message some text", "messages");
        }
        if (!system.isEmpty()) {
            messages.addFirst(Message.of("system", String.join(EMPTY_LINE, system)));
        }
        return messages;
    }

    private void system(JsonValue value) {
        OlderTurns.takeTurn(value);
        Blocks.read(value, "system", calls).message("system").ifPresent(this::system);
    }

    private boolean turn(JsonValue turn) {
        var before = turn.planned();
        var field = "messages." + position++;
        var json = turn.object("anthropic.MessageParam");
        OlderTurns.takeTurn(turn);
        var role = role(json.string("role"), field);
        var content = json.field("content")
                .orElseThrow(() -> new InvalidRequest("a text or a list of blocks is missing", field + ".content"));
        if (role.equals("assistant")) {
            assistant(content, field);
        } else {
            others(role, content, field);
        }
        answered = role.equals("assistant");
        older.add(turn, turn.planned() - before, role.equals("system"));
        return true;
    }

    private void assistant(JsonValue content, String field) {
        if (!answered) {
            calls.requireNone(field);
        }
        var blocks = Blocks.read(content, field + ".content", calls);
        var turn = blocks.message("assistant");
        if (turn.isPresent() || !blocks.results().isEmpty()) {
            endUserTurn();
            turn.ifPresent(messages::add);
            messages.addAll(blocks.results());
        }
    }

    private void others(String role, JsonValue content, String field) {
        var blocks = Blocks.read(content, field + ".content", calls);
        if (blocks.calls()) {
            throw new InvalidRequest("only the assistant calls tools", field + ".content");
        }
        if (!blocks.results().isEmpty()) {
            endUserTurn();
            messages.addAll(blocks.results());
        }
        blocks.message(role).ifPresent(role.equals("system") ? this::system : this::user);
    }

    private void user(Message turn) {
        shown.addAll(turn.images());
        if (!turn.content().isEmpty()) {
            said.add(turn.content());
        }
    }

    private void system(Message turn) {
        if (messages.isEmpty() && said.isEmpty() && shown.isEmpty()) {
            system.add(turn.content());
        } else {
            said.add("<system-reminder>\n" + turn.content() + "\n</system-reminder>");
        }
    }

    private void endUserTurn() {
        if (!said.isEmpty() || !shown.isEmpty()) {
            messages.add(new Message("user", String.join(EMPTY_LINE, said), "", shown, List.of(), "", ""));
            said.clear();
            shown.clear();
        }
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
