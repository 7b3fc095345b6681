// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Turns what a resource throws into the answer {@link ErrorResponse} says; {@link RecordWriter} gives it the shape of its API. */
@Provider
@RegisterForReflection(targets = ErrorBody.class)
public final class FailureMapper implements ExceptionMapper<Throwable> {
    @Override
    public Response toResponse(Throwable thrown) {
        if (thrown instanceof WebApplicationException refused) {
            return refused.getResponse();
        }
        var answer = ErrorResponse.of(thrown);
        var response = Response.status(answer.status()).type(ContentTypes.JSON).entity(answer);
        // What is left of a body that nobody reads would be taken for the next request.
        return thrown instanceof BodyTooLarge
                ? response.header("Connection", "close").build()
                : response.build();
    }
}
