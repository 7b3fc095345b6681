// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.agent.AgentPrefix;
import dev.puna.api.answer.Answers;
import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.openai.responses.request.ResponsesRequest;
import dev.puna.api.openai.responses.wire.OutputItem;
import dev.puna.api.openai.responses.wire.ResponseEvent;
import dev.puna.api.openai.responses.wire.ResponseObject;
import dev.puna.api.openai.responses.wire.TextPart;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/responses}. Source: contract 1.11. */
@RegisterForReflection(
        targets = {
            OutputItem.class,
            ResponseEvent.CallDelta.class,
            ResponseEvent.Failure.class,
            ResponseEvent.Item.class,
            ResponseEvent.Part.class,
            ResponseEvent.State.class,
            ResponseEvent.TextDelta.class,
            ResponseEvent.ThoughtDelta.class,
            ResponseEvent.WholeCall.class,
            ResponseEvent.WholeInput.class,
            ResponseEvent.WholeText.class,
            ResponseEvent.WholeThought.class,
            ResponseObject.class,
            ResponseObject.Cached.class,
            ResponseObject.Failed.class,
            ResponseObject.Incomplete.class,
            ResponseObject.Reasoned.class,
            ResponseObject.Usage.class,
            TextPart.class
        })
@Path("/v1/responses")
public final class ResponsesResource {
    private final GenerationService generations;
    private final AgentPrefix agents;

    ResponsesResource(GenerationService generations, AgentPrefix agents) {
        this.generations = generations;
        this.agents = agents;
    }

    /** Answers an input. */
    @POST
    public StreamedResponse respond(JsonBody body, @HeaderParam("User-Agent") @Nullable String userAgent) {
        var clock = RequestClock.start();
        var request = ResponsesRequest.read(body.object("openai.ResponsesRequest"));
        var completion = agents.steady(request.completion(), userAgent);
        var state = new ResponseState(ItemIds.of("resp"), clock.now(), request.echo());
        var framing = new ResponseEvents(state);
        if (request.compaction().isPresent()) {
            var compaction = new Compaction(generations, request.compaction().get(), clock, body::keepOnly);
            return StreamedResponse.events(
                    compaction.item().onItem().transformToMulti(compacted -> Multi.createFrom()
                            .iterable(compacted.events(state))),
                    framing);
        }
        return Answers.of(
                () -> generations.answer(completion, clock, body::keepOnly),
                request.stream(),
                () -> new ResponsesAnswer(state, request.tools()),
                framing);
    }
}
