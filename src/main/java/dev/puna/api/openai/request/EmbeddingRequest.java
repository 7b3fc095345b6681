// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.EmbeddingInput;
import dev.puna.inference.ModelReference;
import java.util.List;
import java.util.Locale;

/**
 * The body of {@code /v1/embeddings}. Source: contract 1.11.
 *
 * @param input what is asked of the model
 * @param dimensions how many numbers of each embedding are wanted; all unless positive
 * @param base64 whether the numbers are wanted as bytes
 */
public record EmbeddingRequest(EmbeddingInput input, int dimensions, boolean base64) {
    /** How often a text is there at most while it becomes tokens. */
    private static final int COPIES = 3;

    public EmbeddingRequest {
        requireNonNull(input, "input is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static EmbeddingRequest read(JsonObject json) {
        var texts = json.field("input").map(EmbeddingRequest::texts).orElse(List.of());
        if (texts.isEmpty()) {
            throw new InvalidRequest("invalid input");
        }
        var format = json.string("encoding_format");
        if (!List.of("", "float", "base64").contains(format.toLowerCase(Locale.ROOT))) {
            throw new InvalidRequest("Invalid value for 'encoding_format' = %s. Supported values: ['float', 'base64']."
                    .formatted(format));
        }
        var input = new EmbeddingInput(
                new ModelReference(json.string("model"), json.string("runner"), ModelErrors.EMBED),
                texts,
                json.bool("truncate", true),
                json.field("keep_alive").map(RequestFields::keepAlive),
                json.anyMap("options"));
        var dimensions = Math.clamp(json.integer("dimensions").orElse(0L), 0, Integer.MAX_VALUE);
        return new EmbeddingRequest(input, dimensions, format.equalsIgnoreCase("base64"));
    }

    private static List<String> texts(JsonValue value) {
        if (value.isString()) {
            return List.of(text(value));
        }
        if (!value.isList()) {
            throw new InvalidRequest("invalid input type");
        }
        return value.list("[]string", EmbeddingRequest::text);
    }

    private static String text(JsonValue value) {
        if (value.isNumber() || value.isList()) {
            throw new InvalidRequest(
                    "invalid input type: tokens are not taken, since those of a client are seldom those of this model; send"
                            + " text (in LangChain: check_embedding_ctx_length=False)",
                    "input");
        }
        if (!value.isString()) {
            throw new InvalidRequest("invalid input type");
        }
        var text = value.string();
        value.plan(COPIES * value.width());
        return text;
    }
}
