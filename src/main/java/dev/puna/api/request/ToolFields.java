// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.json.Room;
import dev.puna.chat.ToolDefinition;
import java.util.List;

/** The tools that a chat offers, as they come over the wire of every API. Source: contract 1.4. */
public final class ToolFields {
    /** The record of a tool without its texts. */
    private static final int RECORD = 104;

    private ToolFields() {}

    /** Each tool in the form in which models get to see it. */
    public static List<ToolDefinition> tools(JsonValue value) {
        return value.list("api.Tools", ToolFields::tool);
    }

    /**
     * A function whose fields stand beside its type, under a name that may be another than its own.
     *
     * @param function the same value
     * @param schema name of the field with the schema of its arguments
     */
    public static ToolDefinition function(JsonValue value, JsonObject function, String name, String schema) {
        value.borrowTree();
        value.planTrees();
        return definition(value, name, ToolForm.ofFunction(function, name, schema));
    }

    /** A function that takes one text, {@code input}. */
    public static ToolDefinition ofText(JsonValue value, String name, String description) {
        return definition(value, name, ToolForm.ofText(name, description));
    }

    private static ToolDefinition definition(JsonValue value, String name, String form) {
        value.take(RECORD + Room.TEXT + 2L * form.length());
        value.plan(RequestFields.COPIES * 2L * form.length());
        return new ToolDefinition(name, form);
    }

    private static ToolDefinition tool(JsonValue value) {
        var json = value.object("api.Tool");
        value.borrowTree();
        value.planTrees();
        var form = ToolForm.of(json);
        var name = json.field("function")
                .map(function -> function.object("api.ToolFunction").string("name"))
                .orElse("");
        return definition(value, name, form);
    }
}
