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
     * A tool whose name, description and schema stand side by side, in the same form.
     *
     * @param value all of it
     * @param schema name of the field with the schema of its arguments
     */
    public static ToolDefinition flat(JsonValue value, JsonObject tool, String schema) {
        value.borrowTree();
        value.planTrees();
        var name = tool.string("name");
        var parameters = tool.field(schema).map(given -> given.object("api.ToolFunctionParameters"));
        var form = ToolForm.of(name, tool.string("description"), parameters);
        takeRoom(value, form);
        return new ToolDefinition(name, form);
    }

    private static void takeRoom(JsonValue value, String form) {
        value.take(RECORD + Room.TEXT + 2L * form.length());
        value.plan(RequestFields.COPIES * 2L * form.length());
    }

    private static ToolDefinition tool(JsonValue value) {
        var json = value.object("api.Tool");
        value.borrowTree();
        value.planTrees();
        var form = ToolForm.of(json);
        takeRoom(value, form);
        var name = json.field("function")
                .map(function -> function.object("api.ToolFunction").string("name"))
                .orElse("");
        return new ToolDefinition(name, form);
    }
}
