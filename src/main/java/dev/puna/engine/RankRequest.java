// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Documents to be held against a query.
 *
 * @param query what is asked
 * @param documents one score each
 * @param truncate whether a document that is too long beside the query is cut; otherwise it is an {@code InvalidRequest}
 */
public record RankRequest(String query, List<String> documents, boolean truncate) {

    public RankRequest {
        requireNonNull(query, "query is null");
        documents = List.copyOf(documents);
    }
}
