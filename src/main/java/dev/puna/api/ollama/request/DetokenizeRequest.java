// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.RequestFields;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.VocabularyService.Use;
import dev.puna.model.IntList;
import java.util.List;

/**
 * The body of {@code /api/detokenize}.
 *
 * @param use which model
 * @param tokens what to put together
 */
public record DetokenizeRequest(Use use, List<Integer> tokens) {
    /** Bytes of the heap for each token while it becomes text. */
    private static final int BYTES_OF_A_TOKEN = 64;

    public DetokenizeRequest {
        requireNonNull(use, "use is null");
        tokens = IntList.copyOf(tokens);
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static DetokenizeRequest read(JsonObject json) {
        var tokens = json.field("tokens")
                .map(DetokenizeRequest::tokens)
                .orElseThrow(() -> new InvalidRequest("tokens is missing: it is a list of token ids", "tokens"));
        return new DetokenizeRequest(RequestFields.vocabulary(json), tokens);
    }

    private static List<Integer> tokens(JsonValue value) {
        var tokens = value.numbers("[]int", DetokenizeRequest::token);
        value.plan((long) BYTES_OF_A_TOKEN * tokens.length);
        return new IntList(tokens);
    }

    private static int token(JsonValue value) {
        var number = value.integer();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new InvalidRequest("tokens holds %d, which is no token".formatted(number), "tokens");
        }
        return (int) number;
    }
}
