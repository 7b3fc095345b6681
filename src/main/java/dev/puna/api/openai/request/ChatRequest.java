// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.OfferedTools;
import dev.puna.inference.ChatCompletion;

/**
 * The body of {@code /v1/chat/completions}. Source: contract 1.11.
 *
 * @param completion what is asked of the model
 * @param answers how many answers are wanted
 * @param delivery how the answer comes
 */
public record ChatRequest(ChatCompletion completion, int answers, Delivery delivery) {
    public ChatRequest {
        requireNonNull(completion, "completion is null");
        requireNonNull(delivery, "delivery is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static ChatRequest read(JsonObject json) {
        var messages = MessageFields.messages(json);
        var parameters = ParameterFields.chat(json, ModelErrors.CHAT);
        var tools = OfferedTools.read(json);
        return new ChatRequest(
                new ChatCompletion(parameters, messages, tools.tools(), tools.calling()),
                AnswerCount.each(json),
                Delivery.read(json));
    }
}
