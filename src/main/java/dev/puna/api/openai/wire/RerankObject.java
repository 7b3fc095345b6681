// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /v1/rerank}.
 *
 * @param model the model as the client names it
 * @param object {@code list}
 * @param usage tokens of all pairs of query and document
 * @param results the best first
 */
public record RerankObject(String model, String object, EmbeddingObject.Usage usage, List<Result> results) {
    public RerankObject {
        results = List.copyOf(results);
    }

    /**
     * A document's place.
     *
     * @param index of the document in the request, from 0
     * @param relevanceScore as the model gives it: the higher the better, in a range of its own
     * @param document its text, if wanted
     */
    public record Result(
            int index,
            @JsonProperty("relevance_score") float relevanceScore,
            @JsonInclude(Include.NON_NULL) @Nullable Document document) {}

    /** A document of a request. */
    public record Document(String text) {}
}
