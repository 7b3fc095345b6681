// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ImagePlaces;
import dev.puna.api.request.OlderTurns;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.chat.ToolCall;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one turn holds: a text, or blocks of text, images, reasoning, calls and results. Kinds of blocks that are not known are passed over,
 * as Ollama does. <b>Threads:</b> one; for one turn. Source: contract 1.12.
 */
final class Blocks {
    private final OpenCalls calls;
    private final List<Optional<String>> texts = new ArrayList<>();
    private final List<Image> images = new ArrayList<>();
    private final StringBuilder thinking = new StringBuilder();
    private final List<ToolCall> called = new ArrayList<>();
    private final List<Message> results = new ArrayList<>();

    private Blocks(OpenCalls calls) {
        this.calls = calls;
    }

    /**
     * Reads what a turn holds.
     *
     * @param field where it stands in the request
     */
    static Blocks read(JsonValue content, String field, OpenCalls calls) {
        var blocks = new Blocks(calls);
        if (content.isString()) {
            blocks.texts.add(Optional.of(text(content)));
            return blocks;
        }
        if (!content.isList()) {
            throw new InvalidRequest("must be a text or a list of blocks", field);
        }
        var position = new int[1];
        content.list("[]anthropic.ContentBlock", block -> {
            blocks.add(block, field + "." + position[0]++);
            return true;
        });
        RequestFields.requireFewImages(blocks.images.size());
        return blocks;
    }

    private void add(JsonValue value, String field) {
        var block = value.object("anthropic.ContentBlock");
        switch (block.string("type")) {
            case "text" -> texts.add(Optional.of(text(block, field)));
            case "image" -> {
                images.add(ImageBlock.read(block, field));
                texts.add(Optional.empty());
            }
            case "document" -> texts.add(Optional.of(DocumentSource.read(block, field)));
            case "thinking" -> thinking.append(block.prose("thinking", RequestFields.COPIES));
            case "tool_use" -> {
                var call = call(block);
                calls.add(call.id(), call.name());
                called.add(call);
            }
            case "server_tool_use" -> {
                var call = call(block);
                calls.addRunElsewhere(call.id(), call.name());
                called.add(call);
            }
            case "tool_result" -> results.add(ToolResult.read(block, field, calls));
            case "web_search_tool_result" -> results.add(ToolResult.ofSearch(block, field, calls));
            case "" -> throw new InvalidRequest("a block needs a type", field + ".type");
            default -> {}
        }
    }

    /** The text of a block that must have one. */
    static String text(JsonObject block, String field) {
        return block.field("text")
                .map(Blocks::text)
                .orElseThrow(() -> new InvalidRequest("a block of the type text needs a text", field + ".text"));
    }

    static String text(JsonValue value) {
        var text = value.string();
        value.plan(RequestFields.COPIES * value.width());
        return text;
    }

    private ToolCall call(JsonObject block) {
        OlderTurns.takeCall(block);
        var id = block.string("id");
        var name = block.string("name");
        if (id.isEmpty() || name.isEmpty()) {
            throw new InvalidRequest(
                    "tool_use block missing required '%s' field".formatted(id.isEmpty() ? "id" : "name"));
        }
        return new ToolCall(
                id, called.size(), name, block.field("input").map(Blocks::input).orElse("{}"));
    }

    private static String input(JsonValue input) {
        input.requireOrderedMap();
        input.planTrees();
        input.plan(RequestFields.COPIES * input.width());
        return input.rewritten();
    }

    /** What is said as one text: blocks of an answer are pieces of it, others stand for themselves. */
    String text(String role) {
        return ImagePlaces.joined(texts, role.equals("assistant") ? "" : "\n\n");
    }

    boolean calls() {
        return !called.isEmpty();
    }

    /** The results of tools, each a turn. */
    List<Message> results() {
        return List.copyOf(results);
    }

    /** The turn without the results of tools; nothing if it says nothing besides. */
    Optional<Message> message(String role) {
        var text = text(role);
        return text.isEmpty() && images.isEmpty() && called.isEmpty() && thinking.isEmpty()
                ? Optional.empty()
                : Optional.of(new Message(role, text, thinking.toString(), images, called, "", ""));
    }
}
