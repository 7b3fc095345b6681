// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.request.EmbedRequest;
import dev.puna.api.ollama.request.EmbeddingsRequest;
import dev.puna.api.ollama.wire.EmbedResponse;
import dev.puna.api.ollama.wire.EmbeddingsResponse;
import dev.puna.inference.EmbeddingService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /api/embed} and the older {@code POST /api/embeddings}. Source: contract 1.6 and 1.7. */
@RegisterForReflection(targets = {EmbedResponse.class, EmbeddingsResponse.class})
@Path("/api")
public final class EmbedResource {
    private final EmbeddingService embeddings;

    EmbedResource(EmbeddingService embeddings) {
        this.embeddings = embeddings;
    }

    /** Embeds any number of texts. */
    @POST
    @Path("/embed")
    public StreamedResponse embed(JsonBody body) {
        var clock = RequestClock.start();
        var request = EmbedRequest.read(body.object("EmbedRequest"));
        var input = request.input();
        return new EmbeddingAnswers(input.model().name(), request.dimensions(), clock)
                .of(embeddings.answer(input, clock));
    }

    /** Embeds one text. */
    @POST
    @Path("/embeddings")
    public StreamedResponse embeddings(JsonBody body) {
        var clock = RequestClock.start();
        var input = EmbeddingsRequest.read(body.object("EmbeddingRequest"));
        return EmbeddingAnswers.ofOne(embeddings.answer(input, clock));
    }
}
