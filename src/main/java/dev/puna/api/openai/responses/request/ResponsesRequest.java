// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.request.ToolChoiceFields;
import dev.puna.inference.ChatCompletion;
import java.util.Map;

/**
 * The body of {@code /v1/responses}. Source: contract 1.11.
 *
 * @param completion what is asked of the model
 * @param stream whether the answer comes in events
 * @param echo what the answer repeats
 * @param tools the tools as the client names them, by the names that the model knows
 */
public record ResponsesRequest(ChatCompletion completion, boolean stream, Echo echo, Map<String, ToolName> tools) {
    public ResponsesRequest {
        requireNonNull(completion, "completion is null");
        requireNonNull(echo, "echo is null");
        tools = Map.copyOf(tools);
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static ResponsesRequest read(JsonObject json) {
        Unsupported.refuse(json);
        var parameters = ResponsesParameters.read(json);
        var tools = ResponsesTools.read(json);
        var messages = InputItems.read(json);
        return new ResponsesRequest(
                new ChatCompletion(
                        parameters, messages, tools.definitions(), ToolChoiceFields.read(json, tools.definitions())),
                json.bool("stream", false),
                Echo.read(json, parameters.topLogprobs().orElse(0)),
                tools.names());
    }
}
