// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.util.Objects.requireNonNull;

import dev.puna.api.http.StreamedResponse;
import dev.puna.api.ollama.wire.EmbedResponse;
import dev.puna.api.ollama.wire.EmbeddingsResponse;
import dev.puna.engine.EmbeddingResult;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.inference.EmbeddingOutcome;
import dev.puna.inference.EmbeddingOutcome.InParts;
import dev.puna.inference.EmbeddingOutcome.Loaded;
import dev.puna.inference.EmbeddingOutcome.Together;
import dev.puna.inference.RequestClock;
import dev.puna.inference.vector.Vectors;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * The answers of {@code /api/embed} and {@code /api/embeddings}. Source: contract 1.6 and 1.7.
 *
 * @param model the model as the client names it
 * @param dimensions how many numbers of each embedding are wanted; all unless positive
 * @param clock times of the request
 */
record EmbeddingAnswers(String model, int dimensions, RequestClock clock) {
    EmbeddingAnswers {
        requireNonNull(model, "model is null");
        requireNonNull(clock, "clock is null");
    }

    StreamedResponse of(EmbeddingOutcome outcome) {
        return switch (outcome) {
            case Loaded(var ready) ->
                StreamedResponse.whole(ready.map(_ -> new EmbedResponse(model, List.of(), 0, 0, 0)));
            case Together(var result) -> StreamedResponse.whole(result.map(this::response));
            case InParts(var results) -> StreamedResponse.pieces(new StreamedEmbeddings(this).pieces(results));
        };
    }

    /** That of the old route: one that is too long is a 500 there. */
    static StreamedResponse ofOne(EmbeddingOutcome outcome) {
        return switch (outcome) {
            case Loaded(var ready) -> StreamedResponse.whole(ready.map(_ -> new EmbeddingsResponse(new double[0])));
            case Together(var result) -> StreamedResponse.whole(one(result));
            case InParts _ -> throw new IllegalStateException("one text has no parts");
        };
    }

    private static Uni<EmbeddingsResponse> one(Uni<EmbeddingResult> result) {
        return result.onFailure(InvalidRequest.class)
                .transform(tooLong -> new NativeFailure(String.valueOf(tooLong.getMessage())))
                .map(embedded -> new EmbeddingsResponse(
                        Vectors.widened(embedded.embeddings().getFirst())));
    }

    private EmbedResponse response(EmbeddingResult result) {
        var vectors = result.embeddings().stream()
                .map(vector -> Vectors.cut(vector, dimensions))
                .toList();
        return new EmbedResponse(model, vectors, clock.totalNanos(), clock.loadNanos(), result.promptTokens());
    }
}
