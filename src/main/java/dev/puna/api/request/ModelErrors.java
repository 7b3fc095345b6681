// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import dev.puna.failure.Failure;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NotFound;
import dev.puna.go.GoQuote;
import dev.puna.inference.MissingModel;

/** Each route's own words for a model that is not named, or not there. Source: contract 1.2. */
public enum ModelErrors implements MissingModel {
    /** {@code /api/generate}. */
    GENERATE(false, false),
    /** {@code /api/chat}. */
    CHAT(true, false),
    /** {@code /api/embed}. */
    EMBED(false, true),
    /** {@code /api/embeddings}. */
    EMBEDDINGS(true, true);

    private final boolean required;
    private final boolean pulled;

    /**
     * @param required whether a request without a name is a bad one; else its model is just not found
     * @param pulled whether the client is told to pull what is not found
     */
    ModelErrors(boolean required, boolean pulled) {
        this.required = required;
        this.pulled = pulled;
    }

    @Override
    public Failure unnamed(String asked) {
        return required ? new InvalidRequest("model is required") : plain(asked);
    }

    @Override
    public Failure notFound(String asked) {
        return pulled
                ? new NotFound("model " + GoQuote.quoted(asked) + " not found, try pulling it first")
                : plain(asked);
    }

    private static Failure plain(String asked) {
        return new NotFound("model '" + asked + "' not found");
    }
}
