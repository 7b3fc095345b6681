// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ToolFields;
import dev.puna.chat.ToolDefinition;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tools that a request offers, each as a function that models know. <b>Threads:</b> one; for one request. Source: contract 1.11,
 * addendum 4.2.
 */
final class ResponsesTools {
    /** Agents offer these whether there is such a thing or not, and do without. */
    private static final Set<String> NOT_HERE =
            Set.of("web_search", "web_search_preview", "web_search_preview_2025_03_11", "image_generation");

    private final List<ToolDefinition> definitions = new ArrayList<>();
    private final Map<String, ToolName> names = new HashMap<>();

    static ResponsesTools read(JsonObject json) {
        var tools = new ResponsesTools();
        json.field("tools").ifPresent(list -> tools.readAll(list, "", "tools"));
        return tools;
    }

    /** What the model is offered. */
    List<ToolDefinition> definitions() {
        return List.copyOf(definitions);
    }

    /** The tools as the client names them, by the names that the model knows. */
    Map<String, ToolName> names() {
        return Map.copyOf(names);
    }

    private void readAll(JsonValue list, String namespace, String field) {
        var position = new int[1];
        list.list("[]openai.ResponsesTool", tool -> {
            one(tool, namespace, "%s[%d]".formatted(field, position[0]++));
            return true;
        });
    }

    private void one(JsonValue value, String namespace, String field) {
        var tool = value.object("openai.ResponsesTool");
        var type = tool.string("type");
        if (NOT_HERE.contains(type)) {
            return;
        }
        switch (type) {
            case "function" -> {
                var name = name(tool, namespace, false, field);
                definitions.add(ToolFields.function(value, tool, name, "parameters"));
            }
            case "custom" -> {
                var name = name(tool, namespace, true, field);
                definitions.add(ToolFields.ofText(value, name, CustomTools.description(tool)));
            }
            case "namespace" -> {
                if (!namespace.isEmpty()) {
                    throw new InvalidRequest("a namespace of tools holds no other namespace", field + ".type");
                }
                var inner = requireName(tool.string("name"), field);
                tool.field("tools").ifPresent(list -> readAll(list, inner, field + ".tools"));
            }
            default ->
                throw new InvalidRequest(
                        "the tool type %s is not supported; offer a \"function\", a \"custom\" tool or a \"namespace\" of them"
                                .formatted(GoQuote.quoted(type)),
                        field + ".type");
        }
    }

    private String name(JsonObject tool, String namespace, boolean takesText, String field) {
        var name = new ToolName(namespace, requireName(tool.string("name"), field), takesText);
        if (names.put(name.flat(), name) != null) {
            throw new InvalidRequest("there are two tools of the name " + GoQuote.quoted(name.flat()), field + ".name");
        }
        return name.flat();
    }

    private static String requireName(String name, String field) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ')) {
            throw new InvalidRequest(
                    "the name of a tool must not be empty or have spaces: " + GoQuote.quoted(name), field + ".name");
        }
        return name;
    }
}
