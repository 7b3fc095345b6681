// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic;

import dev.puna.api.agent.AgentPrefix;
import dev.puna.api.answer.Answers;
import dev.puna.api.anthropic.request.MessagesRequest;
import dev.puna.api.anthropic.wire.BlockObject;
import dev.puna.api.anthropic.wire.CountObject;
import dev.puna.api.anthropic.wire.EventObject;
import dev.puna.api.anthropic.wire.MessageObject;
import dev.puna.api.anthropic.wire.UsageObject;
import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/messages}, and how many tokens such a request has. Source: contract 1.12. */
@RegisterForReflection(
        targets = {
            BlockObject.class,
            CountObject.class,
            EventObject.class,
            EventObject.Delta.class,
            MessageObject.class,
            UsageObject.class
        })
@Path("/v1/messages")
public final class MessagesResource {
    private final GenerationService generations;
    private final AgentPrefix agents;

    MessagesResource(GenerationService generations, AgentPrefix agents) {
        this.generations = generations;
        this.agents = agents;
    }

    /** Answers a conversation. */
    @POST
    public StreamedResponse answer(JsonBody body, @HeaderParam("User-Agent") @Nullable String userAgent) {
        var clock = RequestClock.start();
        var request = MessagesRequest.read(body.object("anthropic.MessagesRequest"));
        var completion = agents.steady(request.completion(), userAgent);
        var delivery = request.delivery();
        return Answers.of(
                () -> generations.answer(completion, clock, body::keepOnly),
                delivery.stream(),
                () -> new MessageAnswer(delivery),
                MessageEvents.INSTANCE);
    }

    /** Counts the tokens of the prompt that a conversation would become. */
    @POST
    @Path("/count_tokens")
    public StreamedResponse count(JsonBody body, @HeaderParam("User-Agent") @Nullable String userAgent) {
        var clock = RequestClock.start();
        var request = MessagesRequest.readToCount(body.object("anthropic.CountTokensRequest"));
        var completion = agents.steady(request, userAgent);
        return Answers.ofCount(() -> generations.answer(completion, clock, body::keepOnly), CountObject::new);
    }
}
