// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.ChatCompletion;

/**
 * The body of {@code /v1/messages}. Source: contract 1.12.
 *
 * @param completion what is asked of the model
 * @param delivery how the answer comes
 */
public record MessagesRequest(ChatCompletion completion, Delivery delivery) {
    public MessagesRequest {
        requireNonNull(completion, "completion is null");
        requireNonNull(delivery, "delivery is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static MessagesRequest read(JsonObject json) {
        requireModel(json);
        if (json.integer("max_tokens").orElse(0L) < 1) {
            throw new InvalidRequest("max_tokens is required and must be positive");
        }
        var completion = completion(json, false);
        return new MessagesRequest(completion, Delivery.read(json, completion));
    }

    /** Reads a body of which only the tokens of its prompt are wanted, so that it need not say how many the answer may have. */
    public static ChatCompletion readToCount(JsonObject json) {
        requireModel(json);
        return completion(json, true);
    }

    private static void requireModel(JsonObject json) {
        if (json.string("model").isBlank()) {
            throw new InvalidRequest("model is required");
        }
    }

    private static ChatCompletion completion(JsonObject json, boolean promptOnly) {
        var messages = TurnFields.messages(json);
        var parameters = ParameterFields.read(json, promptOnly);
        var tools = MessageTools.read(json);
        return new ChatCompletion(parameters, messages, tools.tools(), tools.calling());
    }
}
