// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.json.CallArguments;
import dev.puna.api.openai.responses.request.CustomTools;
import dev.puna.api.openai.responses.request.ToolName;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.chat.CallIds;
import dev.puna.chat.ToolCall;
import org.jspecify.annotations.Nullable;

/**
 * A call that the model makes, which comes whole.
 *
 * @param id of the item
 * @param callId by which its result is given back
 * @param tool as the client names it
 * @param content arguments as a JSON object, or the text for a tool that takes any
 */
record CallItem(String id, String callId, ToolName tool, String content) {

    static CallItem of(ToolCall call, ToolName tool) {
        return tool.takesText()
                ? new CallItem(ItemIds.of("ctc"), CallIds.of(call), tool, CustomTools.input(call.arguments()))
                : new CallItem(ItemIds.of("fc"), CallIds.of(call), tool, CallArguments.text(call.arguments()));
    }

    /**
     * The item, once all its events are told.
     *
     * @param index position among the items of the answer
     */
    OutputItem tell(int index, EventList events) {
        var begun = item("in_progress", "");
        var whole = item("completed", content);
        events.added(index, begun);
        if (tool.takesText()) {
            events.input(id, index, content);
        } else {
            events.arguments(id, index, tool.name(), content);
        }
        events.done(index, whole);
        return whole;
    }

    private OutputItem item(String status, String written) {
        return tool.takesText()
                ? OutputItem.customCall(id, status, callId, namespace(), tool.name(), written)
                : OutputItem.call(id, status, callId, namespace(), tool.name(), written);
    }

    private @Nullable String namespace() {
        return tool.namespace().isEmpty() ? null : tool.namespace();
    }
}
