// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model says, or one piece of it; what is not there is left out.
 *
 * @param role {@code assistant}; only in the first piece
 * @param content the text
 * @param reasoning the reasoning before it
 * @param toolCalls calls that the model asks for
 */
public record ChatText(
        @JsonInclude(Include.NON_NULL) @Nullable String role,
        @JsonInclude(Include.NON_NULL) @Nullable String content,
        @JsonInclude(Include.NON_NULL) @Nullable String reasoning,

        @JsonProperty("tool_calls") @JsonInclude(Include.NON_EMPTY)
        List<ToolCallObject> toolCalls) {

    public ChatText {
        toolCalls = List.copyOf(toolCalls);
    }
}
