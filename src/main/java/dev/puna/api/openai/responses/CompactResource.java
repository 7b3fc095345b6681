// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import dev.puna.api.http.JsonBody;
import dev.puna.api.http.StreamedResponse;
import dev.puna.api.openai.responses.request.CompactionRequest;
import dev.puna.api.openai.responses.wire.CompactionObject;
import dev.puna.inference.GenerationService;
import dev.puna.inference.RequestClock;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** {@code POST /v1/responses/compact}. Source: addendum 4.2. */
@RegisterForReflection(targets = CompactionObject.class)
@Path("/v1/responses/compact")
public final class CompactResource {
    private final GenerationService generations;

    CompactResource(GenerationService generations) {
        this.generations = generations;
    }

    /** Puts one item in the place of an input. */
    @POST
    public StreamedResponse compact(JsonBody body) {
        var clock = RequestClock.start();
        var request = CompactionRequest.read(body.object("openai.ResponsesRequest"));
        var compaction = new Compaction(generations, request, clock, body::keepOnly);
        return StreamedResponse.wholeBare(compaction.item().map(compacted -> compacted.object(clock.now())));
    }
}
