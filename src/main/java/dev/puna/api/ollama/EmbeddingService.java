// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.ContentTypes;
import dev.puna.api.http.JsonPiece;
import dev.puna.api.http.NdjsonStream;
import dev.puna.api.ollama.wire.EmbedResponse;
import dev.puna.api.ollama.wire.EmbeddingsResponse;
import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.EmbeddingResult;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.Unsupported;
import dev.puna.model.Capability;
import dev.puna.model.KeepAlive;
import dev.puna.scheduling.LeaseRequest;
import dev.puna.scheduling.LeaseScope;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.InstalledModel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /api/embed} and {@code /api/embeddings} do: check, lease, embed. Source: contract 1.6 and 1.7.
 *
 * <p><b>Threads:</b> the checks read the store, so they need a worker thread; answers come on the engine's threads.
 */
@Singleton
final class EmbeddingService {
    private final ModelLookup models;
    private final CapabilityResolver abilities;
    private final Scheduling scheduling;

    EmbeddingService(ModelLookup models, CapabilityResolver abilities, Scheduling scheduling) {
        this.models = models;
        this.abilities = abilities;
        this.scheduling = scheduling;
    }

    /** The answer of {@code /api/embed}. */
    NdjsonStream answer(EmbedRequest request, RequestClock clock) {
        ModelLookup.parseForEmbed(request.model());
        var inputs = request.inputs();
        // Those who answer keep the request, which need not keep the body.
        var small = request.withoutInput();
        var model = models.findForEmbed(request.model(), request.runner());
        var lease = lease(model, request.options(), request.keepAlive());
        if (inputs.isEmpty()) {
            return one(loaded(lease, new EmbedResponse(request.model(), List.of(), 0, 0, 0)));
        }
        requireEmbedding(model);
        var most = RequestOptions.longestText(model, request.options());
        if (inputs.size() > StreamedEmbeddings.TOGETHER) {
            return new NdjsonStream(
                    many(lease, small, inputs, most, clock), ContentTypes.JSON, ContentTypes.JSON, true);
        }
        var texts = new EmbeddingRequest(inputs, request.truncate(), most);
        return one(embedded(lease, texts, clock).map(result -> response(small, result, clock)));
    }

    /** The answer of {@code /api/embeddings}: one text, never cut; one that is too long is a 500 there. */
    NdjsonStream answer(EmbeddingsRequest request, RequestClock clock) {
        var model = models.findForEmbeddings(request.model(), request.runner());
        var lease = lease(model, request.options(), request.keepAlive());
        if (request.prompt().isEmpty()) {
            return one(loaded(lease, new EmbeddingsResponse(new double[0])));
        }
        requireEmbedding(model);
        var text = new EmbeddingRequest(List.of(request.prompt()), false);
        return one(embedded(lease, text, clock)
                .onFailure(InvalidRequest.class)
                .transform(tooLong -> new NativeFailure(String.valueOf(tooLong.getMessage())))
                .map(result -> new EmbeddingsResponse(
                        Vectors.widened(result.embeddings().getFirst()))));
    }

    private static LeaseRequest lease(
            InstalledModel model, Map<String, @Nullable Object> options, Optional<KeepAlive> keepAlive) {
        return new LeaseRequest(
                model, RequestOptions.merge(Map.of(), model, options).runner(), keepAlive);
    }

    /** Refuses a model that only generates before it is loaded for nothing. */
    private void requireEmbedding(InstalledModel model) {
        if (!abilities.of(model).include(Capability.EMBEDDING)) {
            throw new Unsupported("This server does not support embeddings. Start it with `--embeddings`");
        }
    }

    private <T> Uni<T> loaded(LeaseRequest lease, T answer) {
        return LeaseScope.once(scheduling.lease(lease), _ -> Uni.createFrom().item(answer));
    }

    private Uni<EmbeddingResult> embedded(LeaseRequest lease, EmbeddingRequest texts, RequestClock clock) {
        return LeaseScope.once(scheduling.lease(lease), granted -> {
            clock.loaded();
            return granted.engine().embed(texts);
        });
    }

    private Multi<JsonPiece> many(
            LeaseRequest lease, EmbedRequest request, List<String> texts, int most, RequestClock clock) {
        return LeaseScope.stream(scheduling.lease(lease), granted -> {
            clock.loaded();
            return new StreamedEmbeddings(request, texts, most, clock).pieces(granted.engine());
        });
    }

    private static EmbedResponse response(EmbedRequest request, EmbeddingResult result, RequestClock clock) {
        var vectors = result.embeddings().stream()
                .map(vector -> Vectors.cut(vector, request.dimensions()))
                .toList();
        return new EmbedResponse(
                request.model(), vectors, clock.totalNanos(), clock.loadNanos(), result.promptTokens());
    }

    private static NdjsonStream one(Uni<?> object) {
        return new NdjsonStream(object.toMulti(), ContentTypes.JSON, ContentTypes.JSON, false);
    }
}
