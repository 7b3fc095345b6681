// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.NdjsonStream;
import dev.puna.api.ollama.wire.GenerateChunk;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /api/generate}. Source: contract 1.3. */
@RegisterForReflection(targets = GenerateChunk.class)
@Path("/api/generate")
public final class GenerateResource {
    private final GenerationService generations;

    GenerateResource(GenerationService generations) {
        this.generations = generations;
    }

    /** Answers a prompt, or loads or unloads a model. */
    @POST
    public NdjsonStream generate(JsonBody body) {
        var clock = RequestClock.start();
        return generations.answer(
                new GenerateHandler(GenerateRequest.read(body.object("GenerateRequest"))), clock, body::keepOnly);
    }
}
