// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import dev.puna.api.answer.Answers;
import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.http.framing.ServerSentEvents;
import dev.puna.api.openai.request.InfillRequest;
import dev.puna.api.openai.wire.InfillObject;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /infill}, in the form of llama.cpp's server, which editors' plugins know. */
@RegisterForReflection(targets = InfillObject.class)
@Path("/infill")
public final class InfillResource {
    private static final ServerSentEvents EVENTS = new ServerSentEvents("", "");

    private final GenerationService generations;

    InfillResource(GenerationService generations) {
        this.generations = generations;
    }

    /** Fills the gap in a text. */
    @POST
    public StreamedResponse fill(JsonBody body) {
        var clock = RequestClock.start();
        var request = InfillRequest.read(body.object("openai.InfillRequest"));
        var completion = request.completion();
        var model = completion.parameters().model().name();
        return Answers.of(
                () -> generations.answer(completion, clock, body::keepOnly),
                request.stream(),
                () -> new InfillAnswer(model),
                EVENTS);
    }
}
