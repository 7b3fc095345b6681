// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prompt;

import dev.puna.chat.ToolDefinition;
import dev.puna.engine.Prompt;
import java.util.List;

/**
 * What may be called in an answer.
 *
 * @param tools none if nothing may be called
 * @param parallel whether more than one call may be in it
 * @param required whether it must be a call
 */
public record CallableTools(List<ToolDefinition> tools, boolean parallel, boolean required) {
    /** Nothing may be called. */
    public static final CallableTools NONE = new CallableTools(List.of(), true, false);

    public CallableTools {
        tools = List.copyOf(tools);
    }

    /** What a conversation lets its model call. */
    static CallableTools of(Prompt.Conversation conversation) {
        var tools = conversation.callable();
        var calling = conversation.calling();
        return new CallableTools(tools, calling.parallel(), calling.required() && !tools.isEmpty());
    }

    public boolean isEmpty() {
        return tools.isEmpty();
    }

    /** Bytes of the heap that the definitions take. */
    long weight() {
        return tools.stream().mapToLong(tool -> tool.json().length()).sum();
    }
}
