// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.answer.Answers;
import dev.puna.api.answer.ChoicesAnswer;
import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.openai.request.CompletionRequest;
import dev.puna.api.openai.wire.CompletionLogprobs;
import dev.puna.api.openai.wire.CompletionObject;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.function.Supplier;

/** {@code POST /v1/completions}. Source: contract 1.11. */
@RegisterForReflection(
        targets = {
            CompletionLogprobs.class,
            CompletionObject.class,
            CompletionObject.Choice.class,
            CompletionObject.Piece.class
        })
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
        var parameters = request.prompts().getFirst().parameters();
        Supplier<ChoicesAnswer> answers =
                () -> new CompletionAnswer(parameters.model().name(), clock.now(), request);
        var stream = request.delivery().stream();
        return request.prompts().size() * request.each() == 1 || parameters.renderOnly()
                ? Answers.of(
                        () -> generations.answer(request.prompts().getFirst(), clock, body::keepOnly),
                        stream,
                        answers::get,
                        AnswerParts.EVENTS)
                : Answers.ofSeveral(
                        () -> generations.answers(request.prompts(), request.each(), clock, body::keepOnly),
                        stream,
                        answers,
                        AnswerParts.EVENTS);
    }
}
