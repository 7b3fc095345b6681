// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.NdjsonStream;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /api/chat}. Source: contract 1.4. */
@Path("/api/chat")
public final class ChatResource {
    private final Generations generations;

    ChatResource(Generations generations) {
        this.generations = generations;
    }

    /** Answers a conversation, or loads or unloads a model. */
    @POST
    public NdjsonStream chat(JsonBody body) {
        var clock = RequestClock.start();
        return generations.answer(new ChatTask(ChatRequest.read(body.object("ChatRequest"))), clock);
    }
}
