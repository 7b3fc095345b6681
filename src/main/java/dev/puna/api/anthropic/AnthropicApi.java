// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic;

import dev.puna.api.anthropic.wire.ErrorObject;
import dev.puna.api.http.ErrorShape;
import dev.puna.api.http.HttpApi;
import dev.puna.api.http.Route;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.util.List;

/** Anthropic's API as the edge sees it. Source: contract 1.12. */
@Singleton
@RegisterForReflection(targets = {ErrorObject.class, ErrorObject.Detail.class})
public final class AnthropicApi implements HttpApi {
    private static final List<Route> ROUTES =
            List.of(Route.of("/v1/messages", "POST").withLog(), Route.of("/v1/messages/count_tokens", "POST"));

    /** Anthropic's packages send these from web pages, beside those that OpenAI's send, too. */
    private static final List<String> REQUEST_HEADERS =
            List.of("X-Api-Key", "Anthropic-Version", "Anthropic-Beta", "Anthropic-Dangerous-Direct-Browser-Access");

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @Override
    public List<String> requestHeaders() {
        return REQUEST_HEADERS;
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    @Override
    public ErrorShape errors() {
        return error -> ErrorObject.of(
                error.status(),
                error.field().isEmpty() ? error.text() : error.field() + ": " + error.text(),
                error.requestId());
    }
}
