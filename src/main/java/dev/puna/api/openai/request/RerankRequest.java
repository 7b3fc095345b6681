// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.RequestFields;
import dev.puna.engine.RankRequest;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.VocabularyService.Use;

/**
 * The body of {@code /v1/rerank}, as llama.cpp's server and Jina's API have it.
 *
 * @param use which model
 * @param documents what to rank, and by what
 * @param best how many results are wanted, the best ones
 * @param returnDocuments whether results have the texts with them
 */
public record RerankRequest(Use use, RankRequest documents, int best, boolean returnDocuments) {
    /** How often a text is there at most while it becomes tokens. */
    private static final int COPIES = 3;

    private static final int MOST_DOCUMENTS = 1_000;

    public RerankRequest {
        requireNonNull(use, "use is null");
        requireNonNull(documents, "documents is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static RerankRequest read(JsonObject json) {
        var query = json.prose("query", COPIES);
        if (query.isEmpty()) {
            throw new InvalidRequest("query is missing: it is the text to rank the documents by", "query");
        }
        var field = json.field("documents")
                .orElseThrow(() -> new InvalidRequest("documents is missing: it is a list of texts", "documents"));
        var count = field.count("[]string");
        if (count == 0 || count > MOST_DOCUMENTS) {
            throw new InvalidRequest(
                    "documents holds %d texts: it must be 1 to %d".formatted(count, MOST_DOCUMENTS), "documents");
        }
        // Each is put beside the query.
        field.plan((long) COPIES * count * query.length());
        var documents = field.list("[]string", RerankRequest::document);
        var best = json.integer("top_n").orElse((long) count);
        if (best < 1) {
            throw new InvalidRequest("top_n is %d: it must be at least 1".formatted(best), "top_n");
        }
        return new RerankRequest(
                RequestFields.vocabulary(json),
                new RankRequest(query, documents, json.bool("truncate", true)),
                (int) Math.min(best, count),
                json.bool("return_documents", false));
    }

    /** A text, or an object with one. */
    private static String document(JsonValue value) {
        if (!value.isObject()) {
            return text(value);
        }
        return value.object("openai.Document")
                .field("text")
                .map(RerankRequest::text)
                .orElseThrow(() -> new InvalidRequest("a document that is an object needs a text", "documents"));
    }

    private static String text(JsonValue value) {
        var text = value.string();
        value.plan(COPIES * value.width());
        return text;
    }
}
