// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import dev.puna.api.http.ContentTypes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** {@code GET /}: what people and scripts look for to see whether a server is there. Source: contract 1.1. */
@Path("/")
public final class RootResource {
    /** The sentence that clients compare with. */
    @GET
    public Response running() {
        return Response.ok("Ollama is running")
                .header(HttpHeaders.CONTENT_TYPE, ContentTypes.TEXT)
                .build();
    }
}
