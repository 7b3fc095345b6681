// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.openai.request.RerankRequest;
import dev.puna.api.openai.wire.EmbeddingObject;
import dev.puna.api.openai.wire.RerankObject;
import dev.puna.engine.RankResult;
import dev.puna.failure.Failure;
import dev.puna.inference.EmbeddingService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Comparator;
import java.util.stream.IntStream;

/** {@code POST /v1/rerank} and {@code /rerank}, in the form of llama.cpp's server and of Jina's API. */
@RegisterForReflection(targets = {RerankObject.class, RerankObject.Document.class, RerankObject.Result.class})
@Path("/")
public final class RerankResource {
    private final EmbeddingService embeddings;

    RerankResource(EmbeddingService embeddings) {
        this.embeddings = embeddings;
    }

    /** Ranks documents by how well they answer a query. */
    @POST
    @Path("v1/rerank")
    public StreamedResponse rerank(JsonBody body) {
        var request = RerankRequest.read(body.object("openai.RerankRequest"));
        var use = request.use();
        try {
            return StreamedResponse.wholeBare(embeddings
                    .rank(use.model(), request.documents(), use.keepAlive(), use.options(), RequestClock.start())
                    .map(result -> ranked(request, result)));
        } catch (Failure refused) {
            return StreamedResponse.wholeBare(Uni.createFrom().failure(refused));
        }
    }

    /** The same. */
    @POST
    @Path("rerank")
    public StreamedResponse rerankAtRoot(JsonBody body) {
        return rerank(body);
    }

    private static RerankObject ranked(RerankRequest request, RankResult result) {
        var scores = result.scores();
        var results = IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparing(scores::get, Comparator.reverseOrder()))
                .limit(request.best())
                .map(index -> new RerankObject.Result(
                        index,
                        scores.get(index),
                        request.returnDocuments()
                                ? new RerankObject.Document(
                                        request.documents().documents().get(index))
                                : null))
                .toList();
        var usage = new EmbeddingObject.Usage(result.promptTokens(), result.promptTokens());
        return new RerankObject(request.use().model().name(), "list", usage, results);
    }
}
