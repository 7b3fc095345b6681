// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.EmbeddingInput;
import dev.puna.inference.ModelReference;
import java.util.List;
import java.util.Optional;

/**
 * The body of {@code /api/embed}. Source: contract 1.6.
 *
 * @param input what is asked of the model
 * @param dimensions how many numbers of each embedding are wanted; all unless positive
 */
public record EmbedRequest(EmbeddingInput input, int dimensions) {
    /** How often a text is there at most while it becomes tokens. */
    private static final int COPIES = 3;

    public EmbedRequest {
        requireNonNull(input, "input is null");
    }

    /** Reads a body; what is wrong with the model's name is told before what is wrong with the texts. */
    public static EmbedRequest read(JsonObject json) {
        // In this order what is wrong with them is told.
        var name = json.string("model");
        var sent = json.field("input");
        var truncate = json.bool("truncate", true);
        var dimensions = Math.clamp(json.integer("dimensions").orElse(0L), 0, Integer.MAX_VALUE);
        var keepAlive = json.field("keep_alive").map(RequestFields::keepAlive);
        var options = json.anyMap("options");
        var model = new ModelReference(name, json.string("runner"), ModelErrors.EMBED);
        var _ = model.parsed();
        return new EmbedRequest(new EmbeddingInput(model, texts(sent), truncate, keepAlive, options), dimensions);
    }

    /** The texts to embed; none for an empty text, a null or a missing field. */
    private static List<String> texts(Optional<JsonValue> sent) {
        if (sent.isEmpty()) {
            return List.of();
        }
        var value = sent.get();
        if (value.isString()) {
            var text = text(value);
            return text.isEmpty() ? List.of() : List.of(text);
        }
        if (!value.isList()) {
            throw wrongType();
        }
        return value.list("[]string", EmbedRequest::text);
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
