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

    /** Bytes of all texts together. */
    long length() {
        var ofMessages = messages.stream().mapToLong(PromptInputs::length).sum();
        return ofMessages + tools.stream().mapToLong(tool -> bytes(tool.json())).sum() + bytes(suffix);
    }

    private static long length(Message message) {
        var ofCalls = message.toolCalls().stream()
                .mapToLong(call -> bytes(call.name()) + bytes(call.arguments()))
                .sum();
        return bytes(message.content()) + bytes(message.thinking()) + ofCalls;
    }

    /** Bytes of a text in UTF-8, half a pair of surrogates counting two. */
    private static long bytes(String text) {
        var bytes = (long) text.length();
        for (var i = 0; i < text.length(); i++) {
            var letter = text.charAt(i);
            bytes += letter < 0x80 ? 0 : letter < 0x800 || Character.isSurrogate(letter) ? 1 : 2;
        }
        return bytes;
    }
}
