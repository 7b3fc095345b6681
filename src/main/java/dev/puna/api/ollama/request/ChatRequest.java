// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.ToolChoiceFields;
import dev.puna.api.request.ToolFields;
import dev.puna.inference.ChatCompletion;
import java.util.List;

/**
 * The body of {@code /api/chat}. Source: contract 1.4.
 *
 * @param completion what is asked of the model
 * @param stream whether the answer comes piece by piece
 */
public record ChatRequest(ChatCompletion completion, boolean stream) {
    public ChatRequest {
        requireNonNull(completion, "completion is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest} in Go's words. */
    public static ChatRequest read(JsonObject json) {
        var fields = GenerationFields.read(json, ModelErrors.CHAT);
        var messages = json.field("messages").map(ConversationFields::messages).orElse(List.of());
        var tools = json.field("tools").map(ToolFields::tools).orElse(List.of());
        var completion = new ChatCompletion(fields.parameters(), messages, tools, ToolChoiceFields.read(json, tools));
        return new ChatRequest(completion, fields.stream());
    }
}
