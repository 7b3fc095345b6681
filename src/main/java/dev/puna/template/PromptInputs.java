// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolDefinition;
import java.util.List;

/**
 * What a prompt is made of.
 *
 * @param messages the turns in order, system texts among them
 * @param tools what the model may call
 * @param thinking how much it should reason
 * @param suffix what should follow the answer to the last turn; empty for none
 */
public record PromptInputs(List<Message> messages, List<ToolDefinition> tools, Thinking thinking, String suffix) {

    /** Copies the lists. */
    public PromptInputs {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        requireNonNull(thinking, "thinking is null");
        requireNonNull(suffix, "suffix is null");
    }

    /** Letters of all texts together. */
    long length() {
        var ofMessages = messages.stream()
                .mapToLong(message ->
                        message.content().length() + (long) message.thinking().length())
                .sum();
        return ofMessages
                + tools.stream().mapToLong(tool -> tool.json().length()).sum()
                + suffix.length();
    }
}
