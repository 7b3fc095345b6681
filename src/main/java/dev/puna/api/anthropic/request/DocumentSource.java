// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.RequestFields;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.stream.Collectors;

/** Documents of a request that are text, with their titles. Others would have to be taken apart first, which nothing here does. */
final class DocumentSource {
    private DocumentSource() {}

    static String read(JsonObject block, String field) {
        var source = block.field("source")
                .map(value -> value.object("anthropic.DocumentSource"))
                .orElseThrow(() -> new InvalidRequest("a document needs a source", field + ".source"));
        var type = source.string("type");
        var text =
                switch (type) {
                    case "text" -> source.prose("data", RequestFields.COPIES);
                    case "content" ->
                        source.field("content")
                                .map(content -> content(content, field + ".source.content"))
                                .orElse("");
                    default ->
                        throw new InvalidRequest(
                                "this server reads documents of the types text and content, not %s; send its text"
                                        .formatted(GoQuote.quoted(type)),
                                field + ".source.type");
                };
        var title = block.prose("title", RequestFields.COPIES);
        return title.isEmpty() ? text : title + "\n\n" + text;
    }

    private static String content(JsonValue content, String field) {
        return content.isString()
                ? Blocks.text(content)
                : content
                        .list(
                                "[]anthropic.ContentBlock",
                                value -> Blocks.text(value.object("anthropic.ContentBlock"), field))
                        .stream()
                        .collect(Collectors.joining("\n\n"));
    }
}
