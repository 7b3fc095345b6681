// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.ErrorShape;
import dev.puna.api.http.HttpApi;
import dev.puna.api.http.Route;
import jakarta.inject.Singleton;
import java.util.List;

/** Ollama's API as the edge sees it: its routes, with methods as the recordings name them. Source: contract 1.1 and 9.1. */
@Singleton
public final class OllamaApi implements HttpApi {
    private static final List<Route> ROUTES = List.of(
            Route.of("/", "HEAD", "GET"),
            Route.of("/api/version", "HEAD", "GET"),
            Route.of("/api/tags", "HEAD", "GET"),
            Route.of("/api/ps", "GET"),
            Route.of("/api/show", "POST"),
            Route.of("/api/create", "POST"),
            Route.of("/api/pull", "POST"),
            Route.of("/api/push", "POST"),
            Route.of("/api/copy", "POST"),
            Route.of("/api/delete", "DELETE"),
            Route.of("/api/generate", "POST").withLog(),
            Route.of("/api/chat", "POST").withLog(),
            Route.of("/api/tokenize", "POST"),
            Route.of("/api/detokenize", "POST"),
            Route.of("/api/apply-template", "POST"),
            Route.of("/api/embed", "POST"),
            Route.of("/api/embeddings", "POST"),
            Route.ofStreams("/api/blobs/", "HEAD", "POST"));

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @Override
    public List<String> requestHeaders() {
        return List.of();
    }

    @Override
    public ErrorShape errors() {
        return ErrorShape.SENTENCE;
    }
}
