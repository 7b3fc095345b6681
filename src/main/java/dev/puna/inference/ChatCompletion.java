// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.chat.Message;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolDefinition;
import java.util.List;

/**
 * The next turn of a conversation.
 *
 * @param parameters what it shares with other generations
 * @param messages the conversation; empty to load or unload the model
 * @param tools what the model is offered
 * @param calling whether and which of the tools it calls
 */
public record ChatCompletion(
        GenerationParameters parameters, List<Message> messages, List<ToolDefinition> tools, ToolCalling calling)
        implements CompletionRequest {

    public ChatCompletion {
        requireNonNull(parameters, "parameters is null");
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        requireNonNull(calling, "calling is null");
    }

    /** The next turn of a conversation whose model calls tools as it likes. */
    public ChatCompletion(GenerationParameters parameters, List<Message> messages, List<ToolDefinition> tools) {
        this(parameters, messages, tools, ToolCalling.AUTO);
    }

    /** The tools that the model gets to see: none if it shall call none. */
    List<ToolDefinition> shownTools() {
        return calling.choice() == ToolCalling.Choice.NONE ? List.of() : tools;
    }

    /** The same, of which only the rendered prompt is wanted. */
    public ChatCompletion rendered() {
        return new ChatCompletion(parameters.rendered(), messages, tools);
    }
}
