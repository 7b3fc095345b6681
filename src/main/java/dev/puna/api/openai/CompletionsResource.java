// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.answer.Answers;
import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.openai.request.CompletionRequest;
import dev.puna.api.openai.wire.CompletionObject;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /v1/completions}. Source: contract 1.11. */
@RegisterForReflection(targets = {CompletionObject.class, CompletionObject.Choice.class, CompletionObject.Piece.class})
@Path("/v1/completions")
public final class CompletionsResource {
    private final GenerationService generations;

    CompletionsResource(GenerationService generations) {
        this.generations = generations;
    }

    /** Goes on from a prompt. */
    @POST
    public StreamedResponse complete(JsonBody body) {
        var clock = RequestClock.start();
        var request = CompletionRequest.read(body.object("openai.CompletionRequest"));
        var completion = request.completion();
        var model = completion.parameters().model().name();
        var delivery = request.delivery();
        return Answers.of(
                () -> generations.answer(completion, clock, body::keepOnly),
                delivery.stream(),
                () -> new CompletionAnswer(model, clock.now(), delivery),
                AnswerParts.EVENTS);
    }
}
