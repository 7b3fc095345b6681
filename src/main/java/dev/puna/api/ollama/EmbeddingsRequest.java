// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.json.JsonObject;
import dev.puna.model.KeepAlive;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of the old {@code /api/embeddings}. Source: contract 1.7.
 *
 * @param model the model as the client names it
 * @param prompt the text to embed; empty to load the model
 * @param keepAlive how long the model stays in memory
 * @param options as parsed JSON
 * @param runner which of several weights are wanted; empty for the best
 */
record EmbeddingsRequest(
        String model,
        String prompt,
        Optional<KeepAlive> keepAlive,
        Map<String, @Nullable Object> options,
        String runner) {

    static EmbeddingsRequest read(JsonObject json) {
        return new EmbeddingsRequest(
                json.string("model"),
                json.string("prompt"),
                json.field("keep_alive").map(RequestFields::keepAlive),
                json.anyMap("options"),
                json.string("runner"));
    }
}
