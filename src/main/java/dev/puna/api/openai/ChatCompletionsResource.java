// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.answer.Answers;
import dev.puna.api.answer.ChoicesAnswer;
import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.openai.request.ChatRequest;
import dev.puna.api.openai.wire.ChatObject;
import dev.puna.api.openai.wire.ChatText;
import dev.puna.api.openai.wire.LogprobsObject;
import dev.puna.api.openai.wire.ProgressObject;
import dev.puna.api.openai.wire.TimingsObject;
import dev.puna.api.openai.wire.ToolCallObject;
import dev.puna.api.openai.wire.UsageObject;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.function.Supplier;

/** {@code POST /v1/chat/completions}. Source: contract 1.11. */
@RegisterForReflection(
        targets = {
            ChatObject.class,
            ChatObject.PieceOfChoice.class,
            ChatObject.RenderedPrompt.class,
            ChatObject.WholeChoice.class,
            ChatText.class,
            LogprobsObject.class,
            LogprobsObject.Token.class,
            ProgressObject.class,
            TimingsObject.class,
            ToolCallObject.class,
            ToolCallObject.Function.class,
            UsageObject.class,
            UsageObject.Cached.class
        })
@Path("/v1/chat/completions")
public final class ChatCompletionsResource {
    private final GenerationService generations;

    ChatCompletionsResource(GenerationService generations) {
        this.generations = generations;
    }

    /** Answers a conversation. */
    @POST
    public StreamedResponse complete(JsonBody body) {
        var clock = RequestClock.start();
        var request = ChatRequest.read(body.object("openai.ChatCompletionRequest"));
        var completion = request.completion();
        generations.checkImages(completion);
        var parameters = completion.parameters();
        var number = request.answers();
        var delivery = request.delivery();
        Supplier<ChoicesAnswer> answers =
                () -> new ChatAnswer(parameters.model().name(), clock.now(), number, delivery);
        return number == 1 || parameters.renderOnly()
                ? Answers.of(
                        () -> generations.answer(completion, clock, body::keepOnly),
                        delivery.stream(),
                        answers::get,
                        AnswerParts.EVENTS)
                : Answers.ofSeveral(
                        () -> generations.answers(List.of(completion), number, clock, body::keepOnly),
                        delivery.stream(),
                        answers,
                        AnswerParts.EVENTS);
    }
}
