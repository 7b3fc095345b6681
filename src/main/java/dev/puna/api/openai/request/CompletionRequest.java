// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.chat.Thinking;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.TextCompletion;
import dev.puna.inference.ThinkOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The body of {@code /v1/completions}. Source: contract 1.11.
 *
 * @param completion what is asked of the model
 * @param delivery how the answer comes
 */
public record CompletionRequest(TextCompletion completion, Delivery delivery) {
    private static final long MOST_LOGPROBS = 20;

    public CompletionRequest {
        requireNonNull(completion, "completion is null");
        requireNonNull(delivery, "delivery is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static CompletionRequest read(JsonObject json) {
        var think = new ThinkOption.Plain(Thinking.UNSET);
        var completion = new TextCompletion(
                ParameterFields.of(json, ModelErrors.GENERATE, logprobs(json), think),
                json.field("prompt").map(CompletionRequest::prompt).orElse(""),
                json.prose("suffix", RequestFields.COPIES),
                "",
                "",
                Optional.empty(),
                false,
                List.of());
        return new CompletionRequest(completion, Delivery.read(json));
    }

    /** A text, or a list of one. */
    private static String prompt(JsonValue value) {
        if (value.isList() && value.count("string") == 1) {
            return value.list("string", CompletionRequest::text).getFirst();
        }
        if (value.isList()) {
            throw new InvalidRequest("prompt must be one text: this server gives one answer a request", "prompt");
        }
        return text(value);
    }

    private static String text(JsonValue value) {
        var text = value.string();
        value.plan(RequestFields.COPIES * value.width());
        return text;
    }

    /** How many alternatives come with each token; for nothing none do. */
    private static OptionalInt logprobs(JsonObject json) {
        var wanted = json.integer("logprobs").orElse(0L);
        if (wanted < 0 || wanted > MOST_LOGPROBS) {
            throw new InvalidRequest("logprobs must be between 0 and 20", "logprobs");
        }
        return wanted == 0 ? OptionalInt.empty() : OptionalInt.of(wanted.intValue());
    }
}
