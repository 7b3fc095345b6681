// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.failure.InvalidRequest;
import dev.puna.model.KeepAlive;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /api/embed}. Source: contract 1.6.
 *
 * @param model the model as the client names it
 * @param input what came as {@code input}; checked only when asked for, since a wrong model name is said first
 * @param truncate whether texts too long are cut
 * @param dimensions how many numbers of each embedding are wanted; all unless positive
 * @param keepAlive how long the model stays in memory
 * @param options as parsed JSON
 * @param runner which of several weights are wanted; empty for the best
 */
record EmbedRequest(
        String model,
        Optional<JsonValue> input,
        boolean truncate,
        int dimensions,
        Optional<KeepAlive> keepAlive,
        Map<String, @Nullable Object> options,
        String runner) {
    /** How often a text is there at most while it becomes tokens. */
    private static final int COPIES = 3;

    static EmbedRequest read(JsonObject json) {
        return new EmbedRequest(
                json.string("model"),
                json.field("input"),
                json.bool("truncate", true),
                Math.clamp(json.integer("dimensions").orElse(0L), 0, Integer.MAX_VALUE),
                json.field("keep_alive").map(RequestFields::keepAlive),
                json.anyMap("options"),
                json.string("runner"));
    }

    /** The texts to embed; none for an empty text, a null or a missing field. */
    List<String> inputs() {
        if (input.isEmpty()) {
            return List.of();
        }
        var value = input.get();
        if (value.isString()) {
            var text = text(value);
            return text.isEmpty() ? List.of() : List.of(text);
        }
        if (!value.isList()) {
            throw wrongType();
        }
        return value.list("[]string", EmbedRequest::text);
    }

    /** The same without its texts, and so without the body that they stand in. */
    EmbedRequest withoutInput() {
        return new EmbedRequest(model, Optional.empty(), truncate, dimensions, keepAlive, options, runner);
    }

    private static String text(JsonValue value) {
        if (!value.isString()) {
            throw wrongType();
        }
        var text = value.string();
        value.plan(COPIES * value.width());
        return text;
    }

    private static InvalidRequest wrongType() {
        return new InvalidRequest("invalid input type");
    }
}
