// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.request.ToolChoiceFields;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.ChatCompletion;
import java.util.Map;
import java.util.Optional;

/**
 * The body of {@code /v1/responses}. Source: contract 1.11.
 *
 * @param completion what is asked of the model
 * @param stream whether the answer comes in events
 * @param echo what the answer repeats
 * @param tools the tools as the client names them, by the names that the model knows
 * @param compaction what is to be done instead, if the input says so
 */
public record ResponsesRequest(
        ChatCompletion completion,
        boolean stream,
        Echo echo,
        Map<String, ToolName> tools,
        Optional<CompactionRequest> compaction) {
    public ResponsesRequest {
        requireNonNull(completion, "completion is null");
        requireNonNull(echo, "echo is null");
        tools = Map.copyOf(tools);
        requireNonNull(compaction, "compaction is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static ResponsesRequest read(JsonObject json) {
        Unsupported.refuse(json);
        var parameters = ResponsesParameters.read(json);
        var tools = ResponsesTools.read(json);
        var items = InputItems.read(json);
        var stream = json.bool("stream", false);
        if (items.triggered() && !stream) {
            throw new InvalidRequest(
                    "compaction_trigger requires stream, or use /v1/responses/compact",
                    "stream",
                    "invalid_request_error");
        }
        return new ResponsesRequest(
                new ChatCompletion(
                        parameters,
                        items.messages(),
                        tools.definitions(),
                        ToolChoiceFields.read(json, tools.definitions())),
                stream,
                Echo.read(json, parameters.topLogprobs().orElse(0)),
                tools.names(),
                items.triggered() ? Optional.of(CompactionRequest.of(parameters, items)) : Optional.empty());
    }
}
