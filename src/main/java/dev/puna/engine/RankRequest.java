// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import dev.puna.model.AdapterScales;
import java.util.List;

/**
 * Documents to be held against a query.
 *
 * @param query what is asked
 * @param documents one score each
 * @param truncate whether a document that is too long beside the query is cut; otherwise it is an {@code InvalidRequest}
 * @param adapters which of the model's adapters count, and how much
 */
public record RankRequest(String query, List<String> documents, boolean truncate, AdapterScales adapters) {

    public RankRequest {
        requireNonNull(query, "query is null");
        documents = List.copyOf(documents);
        requireNonNull(adapters, "adapters is null");
    }

    /** With all adapters of the model. */
    public RankRequest(String query, List<String> documents, boolean truncate) {
        this(query, documents, truncate, AdapterScales.ALL);
    }

    /** The same with these of the model's adapters. */
    public RankRequest withAdapters(AdapterScales wanted) {
        return new RankRequest(query, documents, truncate, wanted);
    }
}
