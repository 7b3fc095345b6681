// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.JsonBody;
import dev.puna.api.ollama.request.NamedModel;
import dev.puna.engine.prefix.PrefixFolders;
import dev.puna.failure.NotFound;
import dev.puna.store.ModelStore;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** {@code DELETE /api/delete}. Source: contract 1.8. */
@Path("/api/delete")
public final class DeleteResource {
    private final ModelStore store;
    private final PrefixFolders prefixes;

    DeleteResource(ModelStore store, PrefixFolders prefixes) {
        this.prefixes = prefixes;
        this.store = store;
    }

    /** Deletes a model and the blobs that no other needs. Whoever runs it now keeps it until it leaves memory. */
    @DELETE
    public Response delete(JsonBody body) {
        var sent = NamedModel.required(body.object("DeleteRequest"));
        if (!store.delete(NamedModel.parse(sent, "name"))) {
            throw new NotFound("model '%s' not found".formatted(sent));
        }
        prefixes.tidy();
        return Response.ok().build();
    }
}
