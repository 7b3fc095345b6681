// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.http.ErrorShape;
import dev.puna.api.http.HttpApi;
import dev.puna.api.http.Route;
import dev.puna.api.openai.wire.ErrorObject;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.util.List;

/** OpenAI's API as the edge sees it. Source: contract 1.11. */
@Singleton
@RegisterForReflection(targets = {ErrorObject.class, ErrorObject.Detail.class})
public final class OpenAiApi implements HttpApi {
    private static final List<Route> ROUTES = List.of(
            Route.of("/v1/chat/completions", "POST").withLog(),
            Route.of("/v1/completions", "POST").withLog(),
            Route.of("/v1/embeddings", "POST"),
            Route.of("/v1/rerank", "POST"),
            Route.of("/rerank", "POST"),
            Route.of("/infill", "POST").withLog(),
            Route.of("/v1/models", "GET"),
            Route.ofNames("/v1/models/", "GET"),
            Route.of("/v1/responses", "POST").withLog(),
            Route.of("/v1/responses/compact", "POST").withLog());

    /** OpenAI's clients send these to every route. */
    private static final List<String> REQUEST_HEADERS = List.of(
            "Openai-Beta",
            "X-Stainless-Arch",
            "X-Stainless-Async",
            "X-Stainless-Custom-Poll-Interval",
            "X-Stainless-Helper-Method",
            "X-Stainless-Lang",
            "X-Stainless-Os",
            "X-Stainless-Package-Version",
            "X-Stainless-Poll-Helper",
            "X-Stainless-Retry-Count",
            "X-Stainless-Runtime",
            "X-Stainless-Runtime-Version",
            "X-Stainless-Timeout");

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @Override
    public List<String> requestHeaders() {
        return REQUEST_HEADERS;
    }

    @Override
    public ErrorShape errors() {
        return error -> ErrorObject.of(error.status(), error.text(), error.field(), error.code());
    }
}
