// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.api.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Bodies of all routes: the first byte says which route, by the letter {@code a} for the first. */
final class RequestFuzz implements FuzzTarget {
    /** A route's reader, with the name of the type that errors speak of. */
    private record Route(String struct, Consumer<JsonObject> reader) {}

    private static final List<Route> ROUTES = List.of(
            new Route("ChatRequest", dev.puna.api.ollama.request.ChatRequest::read),
            new Route("GenerateRequest", dev.puna.api.ollama.request.GenerateRequest::read),
            new Route("CreateRequest", dev.puna.api.ollama.request.CreateRequest::read),
            new Route("EmbedRequest", dev.puna.api.ollama.request.EmbedRequest::read),
            new Route("EmbeddingRequest", dev.puna.api.ollama.request.EmbeddingsRequest::read),
            new Route("ShowRequest", dev.puna.api.ollama.request.ShowRequest::read),
            new Route("PullRequest", dev.puna.api.ollama.request.PullRequest::read),
            new Route("PushRequest", dev.puna.api.ollama.request.PushRequest::read),
            new Route("TokenizeRequest", dev.puna.api.ollama.request.TokenizeRequest::read),
            new Route("DetokenizeRequest", dev.puna.api.ollama.request.DetokenizeRequest::read),
            new Route("openai.ChatCompletionRequest", dev.puna.api.openai.request.ChatRequest::read),
            new Route("openai.CompletionRequest", dev.puna.api.openai.request.CompletionRequest::read),
            new Route("openai.EmbedRequest", dev.puna.api.openai.request.EmbeddingRequest::read),
            new Route("openai.InfillRequest", dev.puna.api.openai.request.InfillRequest::read),
            new Route("openai.RerankRequest", dev.puna.api.openai.request.RerankRequest::read),
            new Route("openai.ResponsesRequest", dev.puna.api.openai.responses.request.ResponsesRequest::read),
            new Route("openai.ResponsesRequest", dev.puna.api.openai.responses.request.CompactionRequest::read),
            new Route("anthropic.MessagesRequest", dev.puna.api.anthropic.request.MessagesRequest::read),
            new Route("anthropic.MessagesRequest", dev.puna.api.anthropic.request.MessagesRequest::readToCount));

    @Override
    public String name() {
        return "request";
    }

    @Override
    public void run(byte[] input) {
        if (input.length > 0) {
            var route = ROUTES.get(Math.floorMod(input[0] - 'a', ROUTES.size()));
            route.reader().accept(JsonObject.read(Arrays.copyOfRange(input, 1, input.length), route.struct()));
        }
    }
}
