// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import dev.puna.api.json.JsonObject;
import dev.puna.api.request.ModelErrors;
import dev.puna.api.request.RequestFields;
import dev.puna.inference.EmbeddingInput;
import dev.puna.inference.ModelReference;
import java.util.List;

/** The body of the old {@code /api/embeddings}: one text, which is never cut. Source: contract 1.7. */
public final class EmbeddingsRequest {
    private EmbeddingsRequest() {}

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest} in Go's words. */
    public static EmbeddingInput read(JsonObject json) {
        var name = json.string("model");
        var prompt = json.string("prompt");
        var keepAlive = json.field("keep_alive").map(RequestFields::keepAlive);
        var options = json.anyMap("options");
        var model = new ModelReference(name, json.string("runner"), ModelErrors.EMBEDDINGS);
        var texts = prompt.isEmpty() ? List.<String>of() : List.of(prompt);
        return new EmbeddingInput(model, texts, false, keepAlive, options);
    }
}
