// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.JsonObject;
import dev.puna.chat.Message;
import dev.puna.chat.ToolDefinition;
import java.util.List;

/**
 * The body of {@code /api/chat}. Source: contract 1.4.
 *
 * @param fields what it shares with {@code /api/generate}
 * @param messages the conversation; empty to load or unload the model
 * @param tools what the model may call
 */
record ChatRequest(GenerationFields fields, List<Message> messages, List<ToolDefinition> tools) {

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest} in Go's words. */
    static ChatRequest read(JsonObject json) {
        return new ChatRequest(
                GenerationFields.read(json),
                json.field("messages").map(ConversationFields::messages).orElse(List.of()),
                json.field("tools").map(ConversationFields::tools).orElse(List.of()));
    }
}
