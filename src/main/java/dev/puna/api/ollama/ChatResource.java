// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.request.ChatRequest;
import dev.puna.api.ollama.wire.ChatChunk;
import dev.puna.api.ollama.wire.ChatMessage;
import dev.puna.api.ollama.wire.DebugInfo;
import dev.puna.api.ollama.wire.LogprobEntry;
import dev.puna.api.ollama.wire.Metrics;
import dev.puna.api.ollama.wire.ToolCallEntry;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /api/chat}. Source: contract 1.4. */
@RegisterForReflection(
        targets = {
            ChatChunk.class,
            ChatMessage.class,
            DebugInfo.class,
            LogprobEntry.class,
            Metrics.class,
            ToolCallEntry.class,
            ToolCallEntry.Function.class
        })
@Path("/api/chat")
public final class ChatResource {
    private final GenerationService generations;

    ChatResource(GenerationService generations) {
        this.generations = generations;
    }

    /** Answers a conversation, or loads or unloads a model. */
    @POST
    public StreamedResponse chat(JsonBody body) {
        var clock = RequestClock.start();
        var request = ChatRequest.read(body.object("ChatRequest"));
        var model = request.completion().parameters().model().name();
        return GenerationAnswers.of(
                generations.answer(request.completion(), clock, body::keepOnly),
                request.stream(),
                () -> new ChatResponseBuilder(model, clock));
    }
}
