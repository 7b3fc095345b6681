// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.request.RequestFields;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.VocabularyService.Use;

/**
 * The body of {@code /api/tokenize}: the text as {@code content}, as llama.cpp's server has it, or as {@code text}.
 *
 * @param use which model
 * @param text what to take apart
 * @param addSpecial whether with the tokens that the model wants around every text
 * @param withPieces whether with what each token stands for
 */
public record TokenizeRequest(Use use, String text, boolean addSpecial, boolean withPieces) {
    /** Bytes of the heap for each of a text while it becomes tokens, and those an answer; a byte is a token at worst. */
    private static final int PLAIN = 40;

    private static final int WITH_PIECES = 200;

    public TokenizeRequest {
        requireNonNull(use, "use is null");
        requireNonNull(text, "text is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static TokenizeRequest read(JsonObject json) {
        var withPieces = json.bool("with_pieces", false);
        if (!json.bool("parse_special", true)) {
            throw new InvalidRequest(
                    "parse_special must be true: the names of special tokens are always read as those",
                    "parse_special");
        }
        var field = json.field("content").isPresent() ? "content" : "text";
        if (json.field(field).isEmpty()) {
            throw new InvalidRequest("content is missing: it is the text to take apart", "content");
        }
        var text = json.prose(field, withPieces ? WITH_PIECES : PLAIN);
        return new TokenizeRequest(RequestFields.vocabulary(json), text, json.bool("add_special", false), withPieces);
    }
}
