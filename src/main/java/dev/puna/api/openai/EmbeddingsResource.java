// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.openai.request.EmbeddingRequest;
import dev.puna.api.openai.wire.EmbeddingObject;
import dev.puna.failure.Failure;
import dev.puna.inference.EmbeddingService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /v1/embeddings}. Source: contract 1.11. */
@RegisterForReflection(targets = {EmbeddingObject.class, EmbeddingObject.Listing.class, EmbeddingObject.Usage.class})
@Path("/v1/embeddings")
public final class EmbeddingsResource {
    private final EmbeddingService embeddings;

    EmbeddingsResource(EmbeddingService embeddings) {
        this.embeddings = embeddings;
    }

    /** Embeds one text or many. */
    @POST
    public StreamedResponse embed(JsonBody body) {
        var clock = RequestClock.start();
        var request = EmbeddingRequest.read(body.object("openai.EmbedRequest"));
        try {
            return new EmbeddingList(request).of(embeddings.answer(request.input(), clock));
        } catch (Failure refused) {
            return StreamedResponse.wholeBare(Uni.createFrom().failure(refused));
        }
    }
}
