// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import dev.puna.api.json.JsonObject;
import dev.puna.inference.EmbeddingInput;
import java.nio.charset.StandardCharsets;

/** Requests written as JSON; a single quote stands for a double one. */
public final class Bodies {
    private Bodies() {}

    public static GenerateRequest generate(String json) {
        return GenerateRequest.read(object(json, "GenerateRequest"));
    }

    public static ChatRequest chat(String json) {
        return ChatRequest.read(object(json, "ChatRequest"));
    }

    public static EmbedRequest embed(String json) {
        return EmbedRequest.read(object(json, "EmbedRequest"));
    }

    public static EmbeddingInput embeddings(String json) {
        return EmbeddingsRequest.read(object(json, "EmbeddingRequest"));
    }

    /** The fields of any request of a chat. */
    public static JsonObject json(String json) {
        return object(json, "ChatRequest");
    }

    private static JsonObject object(String json, String struct) {
        return JsonObject.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), struct);
    }
}
