// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.openai.request.ContentParts;
import dev.puna.api.openai.request.MessageFields;
import dev.puna.api.request.OlderTurns;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Message;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.List;
import java.util.stream.Collectors;

/** The items of an input, read into turns. <b>Threads:</b> one; for one input. Source: contract 1.11, addendum 4.2. */
final class InputItems {
    private final OlderTurns older = new OlderTurns();
    private final InputTurns turns;
    private final InputGroups groups = new InputGroups();
    private List<Message> messages = List.of();
    private boolean triggered;
    private int position;

    InputItems(InputTurns turns) {
        this.turns = turns;
    }

    /** Reads instructions and input. */
    static InputItems read(JsonObject json) {
        var turns = new InputTurns();
        var instructions = json.prose("instructions", RequestFields.COPIES);
        if (!instructions.isEmpty()) {
            turns.say("system", ContentParts.of(instructions));
        }
        var items = new InputItems(turns);
        json.field("input").ifPresent(items::readAll);
        items.messages = turns.messages();
        if (items.messages.isEmpty()) {
            throw new InvalidRequest("input is required: a string, or a list of at least one item", "input");
        }
        return items;
    }

    /** The same of a body that asks for a compaction by itself. */
    static InputItems toBeCompacted(JsonObject json) {
        var items = read(json);
        if (items.triggered) {
            throw new InvalidRequest("compaction_trigger is for /v1/responses", "input", "invalid_request_error");
        }
        return items;
    }

    /** The turns that they are. */
    List<Message> messages() {
        return messages;
    }

    /** Whether the last of them asks for a compaction of the others. */
    boolean triggered() {
        return triggered;
    }

    /** The items as what can be compacted. */
    CompactableInput compactable() {
        return groups.compactable();
    }

    private void readAll(JsonValue input) {
        if (input.isString()) {
            var text = input.string();
            input.plan(RequestFields.COPIES * input.width());
            turns.say("user", ContentParts.of(text));
            position++;
            return;
        }
        if (!input.isList()) {
            throw new InvalidRequest("input must be a string or array: it is neither", "input");
        }
        input.list("[]openai.ResponsesInputItem", item -> {
            var before = item.planned();
            var stays = one(item);
            older.add(item, item.planned() - before, stays);
            position++;
            return true;
        });
    }

    /** Reads an item, and says whether it is never left out; what is wrong with it is told with its position. */
    private boolean one(JsonValue value) {
        try {
            var item = value.object("openai.ResponsesInputItem");
            OlderTurns.takeTurn(item);
            var stays = item(item);
            if (!triggered) {
                groups.add(value, item);
            }
            return stays;
        } catch (InvalidRequest wrong) {
            throw new InvalidRequest(
                    "input[%d]: %s".formatted(position, wrong.text()),
                    wrong.field().isEmpty() ? at("") : wrong.field(),
                    wrong.code());
        }
    }

    private boolean item(JsonObject item) {
        var type = item.string("type");
        if (triggered) {
            throw new InvalidRequest("compaction_trigger must be the last item", at(".type"), "invalid_request_error");
        }
        switch (type) {
            case "message", "" -> {
                return message(item);
            }
            case "reasoning" -> turns.think(thoughts(item));
            case "function_call" -> {
                OlderTurns.takeCall(item);
                var arguments =
                        item.field("arguments").map(MessageFields::arguments).orElse("{}");
                turns.call(callId(item), name(item), arguments);
            }
            case "custom_tool_call" -> {
                OlderTurns.takeCall(item);
                var input = item.field("input")
                        .orElseThrow(() -> new InvalidRequest("custom_tool_call requires input", at(".input")));
                input.plan(RequestFields.COPIES * input.width());
                turns.call(callId(item), name(item), CustomTools.arguments(input.string()));
            }
            case "compaction" -> expand(item);
            case "compaction_trigger" -> triggered = true;
            case "function_call_output", "custom_tool_call_output" -> result(item, type);
            // The server that answered has searched by itself; what it found is in its answer.
            case "web_search_call" -> {}
            case "item_reference" ->
                throw new InvalidRequest(
                        "item_reference is not supported, since answers are not kept; send the item itself",
                        at(".type"));
            default -> throw new InvalidRequest("unknown input item type: " + GoQuote.quoted(type), at(".type"));
        }
        return false;
    }

    /** A summary is the result of a call that nobody made; the items that stay come after it. */
    private void expand(JsonObject item) {
        var content = CompactedItems.read(item.field("encrypted_content")
                .orElseThrow(() -> new InvalidRequest("compaction requires encrypted_content")));
        var summary = content.prose("summary", RequestFields.COPIES);
        var id = CompactedItems.callId(summary);
        turns.call(id, CompactedItems.TOOL, "{}");
        turns.result(id, ContentParts.of(summary));
        content.field("retained")
                .ifPresent(list -> list.list(
                        "[]openai.ResponsesInputItem", retained -> item(retained.object("openai.ResponsesInputItem"))));
    }

    private boolean message(JsonObject item) {
        var role = MessageFields.role(item.string("role"), at(".role"));
        if (role.equals("tool")) {
            throw new InvalidRequest("the result of a call is an item of the type function_call_output", at(".role"));
        }
        var content = item.field("content")
                .orElseThrow(() -> new InvalidRequest("a message requires content", at(".content")));
        turns.say(role, ContentParts.read(content, "\n\n", at(".content")));
        return role.equals("system");
    }

    /** What a client was given as encrypted, which is the thoughts in plain text; else the summary. */
    private static String thoughts(JsonObject item) {
        var whole = item.prose("encrypted_content", RequestFields.COPIES);
        return whole.isEmpty() ? texts(item, "summary") + texts(item, "content") : whole;
    }

    private static String texts(JsonObject item, String field) {
        return item.field(field)
                .map(parts -> parts
                        .list("[]openai.ResponsesReasoningText", part -> part.object("openai.ResponsesReasoningText")
                                .prose("text", RequestFields.COPIES))
                        .stream()
                        .collect(Collectors.joining("\n")))
                .orElse("");
    }

    private void result(JsonObject item, String type) {
        var output =
                item.field("output").orElseThrow(() -> new InvalidRequest(type + " requires output", at(".output")));
        if (!output.isString() && !output.isList()) {
            throw new InvalidRequest(type + " output must be a string or array", at(".output"));
        }
        var answered = turns.result(item.string("call_id"), ContentParts.read(output, "", at(".output")));
        if (!answered) {
            throw new InvalidRequest(
                    "%s answers no call: there is none with the call_id %s before it"
                            .formatted(type, GoQuote.quoted(item.string("call_id"))),
                    at(".call_id"));
        }
    }

    private String callId(JsonObject item) {
        var id = item.string("call_id");
        if (id.isEmpty()) {
            throw new InvalidRequest("a call requires call_id", at(".call_id"));
        }
        return id;
    }

    private String name(JsonObject item) {
        var name = item.string("name");
        if (name.isEmpty()) {
            throw new InvalidRequest("a call requires name", at(".name"));
        }
        return ToolName.of(item.string("namespace"), name);
    }

    private String at(String field) {
        return "input[" + position + "]" + field;
    }
}
