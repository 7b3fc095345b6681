// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.inference.ChatCompletion;
import dev.puna.inference.GenerationParameters;
import java.util.List;

/**
 * A request to put one item in the place of an input: the body of {@code /v1/responses/compact}, or an input that ends with {@code
 * compaction_trigger}. Source: addendum 4.2.
 *
 * @param conversation the input, as it would be answered; it offers no tools
 * @param input its items
 */
public record CompactionRequest(ChatCompletion conversation, CompactableInput input) {
    public CompactionRequest {
        requireNonNull(conversation, "conversation is null");
        requireNonNull(input, "input is null");
    }

    /** Reads a body of {@code /v1/responses/compact}; what it makes no sense of is an {@code InvalidRequest}. */
    public static CompactionRequest read(JsonObject json) {
        Unsupported.refuse(json);
        return of(ResponsesParameters.read(json), InputItems.toBeCompacted(json));
    }

    static CompactionRequest of(GenerationParameters parameters, InputItems items) {
        return new CompactionRequest(new ChatCompletion(parameters, items.messages(), List.of()), items.compactable());
    }
}
