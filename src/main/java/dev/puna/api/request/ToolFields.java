// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import dev.puna.api.json.JsonValue;
import dev.puna.api.json.Room;
import dev.puna.chat.ToolDefinition;
import java.util.List;

/** The tools that a chat offers, as they come over the wire of every API but Anthropic's. Source: contract 1.4. */
public final class ToolFields {
    /** The record of a tool without its texts. */
    private static final int RECORD = 104;

    private ToolFields() {}

    /** Each tool in the form in which models get to see it. */
    public static List<ToolDefinition> tools(JsonValue value) {
        return value.list("api.Tools", ToolFields::tool);
    }

    private static ToolDefinition tool(JsonValue value) {
        var json = value.object("api.Tool");
        value.borrowTree();
        value.planTrees();
        var form = ToolForm.of(json);
        value.take(RECORD + Room.TEXT + 2L * form.length());
        value.plan(RequestFields.COPIES * 2L * form.length());
        var name = json.field("function")
                .map(function -> function.object("api.ToolFunction").string("name"))
                .orElse("");
        return new ToolDefinition(name, form);
    }
}
