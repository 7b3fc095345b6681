// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.failure.NotFound;
import dev.puna.store.ModelStore;
import dev.puna.template.value.GoQuote;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** {@code POST /api/copy}. Source: contract 1.8. */
@Path("/api/copy")
public final class CopyResource {
    private final ModelStore store;

    CopyResource(ModelStore store) {
        this.store = store;
    }

    /** Gives a model a second name. */
    @POST
    public Response copy(JsonBody body) {
        var request = body.object("CopyRequest");
        var sent = request.string("source");
        var source = NamedModel.parse(sent, "source");
        var destination = NamedModel.parse(request.string("destination"), "destination");
        if (!store.copy(source, destination)) {
            throw new NotFound("model %s not found".formatted(GoQuote.quoted(sent)));
        }
        return Response.ok().build();
    }
}
