// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ImagePlaces;
import dev.puna.api.request.OlderTurns;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.failure.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The result of a tool as a turn of its own. Source: contract 1.12, addendum 4.1. */
final class ToolResult {
    private static final String ERROR = "Error: ";

    private ToolResult() {}

    /** A result that the client gives: a text, or blocks of text and images; of a call that failed templates know nothing, so its text says it. */
    static Message read(JsonObject block, String field, OpenCalls calls) {
        OlderTurns.takeTurn(block);
        var id = block.string("tool_use_id");
        var name = calls.result(id, field);
        var texts = new ArrayList<Optional<String>>();
        var images = new ArrayList<Image>();
        block.field("content").ifPresent(content -> read(content, field + ".content", texts, images));
        RequestFields.requireFewImages(images.size());
        var text = ImagePlaces.joined(texts, "");
        var failed = block.bool("is_error", false) && !text.regionMatches(true, 0, ERROR, 0, ERROR.length());
        return new Message("tool", failed ? ERROR + text : text, "", images, List.of(), name, id);
    }

    private static void read(JsonValue content, String field, List<Optional<String>> texts, List<Image> images) {
        if (content.isString()) {
            texts.add(Optional.of(Blocks.text(content)));
            return;
        }
        if (!content.isList()) {
            throw new InvalidRequest("must be a text or a list of blocks", field);
        }
        var position = new int[1];
        content.list("[]anthropic.ContentBlock", value -> {
            var block = value.object("anthropic.ContentBlock");
            var place = field + "." + position[0]++;
            switch (block.string("type")) {
                case "text" -> texts.add(Optional.of(Blocks.text(block, place)));
                case "image" -> {
                    images.add(ImageBlock.read(block, place));
                    texts.add(Optional.empty());
                }
                case "document" -> texts.add(Optional.of(DocumentSource.read(block, place)));
                case "" -> throw new InvalidRequest("a block needs a type", place + ".type");
                default -> {}
            }
            return true;
        });
    }

    /** What Anthropic's search had found in an earlier conversation: a line for each page, or why there is none. */
    static Message ofSearch(JsonObject block, String field, OpenCalls calls) {
        OlderTurns.takeTurn(block);
        var id = block.string("tool_use_id");
        var name = calls.result(id, field);
        var found = block.field("content").map(ToolResult::found).orElse("");
        return new Message("tool", found, "", List.of(), List.of(), name, id);
    }

    private static String found(JsonValue content) {
        if (content.isString()) {
            return Blocks.text(content);
        }
        if (content.isObject()) {
            return "web_search_tool_result_error: "
                    + content.object("anthropic.WebSearchToolResultError").string("error_code");
        }
        var pages = new StringBuilder();
        content.list("[]anthropic.WebSearchResult", value -> {
            var page = value.object("anthropic.WebSearchResult");
            pages.append("- ")
                    .append(page.prose("title", RequestFields.COPIES))
                    .append(": ")
                    .append(page.prose("url", RequestFields.COPIES))
                    .append('\n');
            return true;
        });
        return pages.toString();
    }
}
