// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.inference.TextCompletion;
import dev.puna.model.IntList;
import java.util.List;

/**
 * The body of {@code /api/generate}. Source: contract 1.3.
 *
 * @param completion what is asked of the model
 * @param stream whether the answer comes piece by piece
 */
public record GenerateRequest(TextCompletion completion, boolean stream) {
    /** What a token of the context becomes on its way to the model: a number twice more, and its text, several times. */
    private static final int BYTES_OF_A_TOKEN = 40;

    public GenerateRequest {
        requireNonNull(completion, "completion is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest} in Go's words. */
    public static GenerateRequest read(JsonObject json) {
        var fields = GenerationFields.read(json, ModelErrors.GENERATE);
        var completion = new TextCompletion(
                fields.parameters(),
                json.prose("prompt", RequestFields.COPIES),
                json.prose("suffix", RequestFields.COPIES),
                json.prose("system", RequestFields.COPIES),
                json.prose("template", RequestFields.TEMPLATE_NODES),
                json.field("context").map(GenerateRequest::tokens),
                json.bool("raw", false),
                json.field("images").map(RequestFields::images).orElse(List.of()));
        return new GenerateRequest(completion, fields.stream());
    }

    private static List<Integer> tokens(JsonValue value) {
        var tokens = value.numbers("[]int", RequestFields::token);
        value.plan((long) BYTES_OF_A_TOKEN * tokens.length);
        return new IntList(tokens);
    }
}
