// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.request.GenerateRequest;
import dev.puna.api.ollama.wire.GenerateChunk;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
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
    public StreamedResponse generate(JsonBody body) {
        var clock = RequestClock.start();
        var request = GenerateRequest.read(body.object("GenerateRequest"));
        var model = request.completion().parameters().model().name();
        return GenerationAnswers.of(
                generations.answer(request.completion(), clock, body::keepOnly),
                request.stream(),
                () -> new GenerateResponseBuilder(model, clock));
    }
}
