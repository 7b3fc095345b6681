// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What the model says, or one piece of it.
 *
 * @param role {@code assistant}; empty where nothing was said
 * @param content the text
 * @param thinking the reasoning before it
 * @param toolCalls calls that the model asks for
 */
public record ChatMessage(
        String role,
        String content,
        @JsonInclude(Include.NON_EMPTY) String thinking,

        @JsonProperty("tool_calls") @JsonInclude(Include.NON_EMPTY)
        List<ToolCallEntry> toolCalls) {

    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /** A message of the model. */
    public static ChatMessage assistant(String content, String thinking, List<ToolCallEntry> toolCalls) {
        return new ChatMessage("assistant", content, thinking, toolCalls);
    }
}
