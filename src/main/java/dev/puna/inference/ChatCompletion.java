// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.Message;
import dev.puna.chat.ToolDefinition;
import java.util.List;

/**
 * The next turn of a conversation.
 *
 * @param parameters what it shares with other generations
 * @param messages the conversation; empty to load or unload the model
 * @param tools what the model may call
 */
public record ChatCompletion(GenerationParameters parameters, List<Message> messages, List<ToolDefinition> tools)
        implements CompletionRequest {

    public ChatCompletion {
        requireNonNull(parameters, "parameters is null");
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** The same, of which only the rendered prompt is wanted. */
    public ChatCompletion rendered() {
        return new ChatCompletion(parameters.rendered(), messages, tools);
    }
}
