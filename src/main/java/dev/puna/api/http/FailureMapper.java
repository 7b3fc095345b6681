// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveExceptionMapper;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Turns what a resource throws into the answer {@link ErrorResponse} says, in the shape of the API that was asked. Quarkus finds it by
 * the interface of Jakarta, which therefore has to be named, and gives it the request by its own.
 */
@Provider
@RegisterForReflection(targets = ErrorBody.class)
public final class FailureMapper implements ExceptionMapper<Throwable>, ResteasyReactiveExceptionMapper<Throwable> {
    @Override
    public Response toResponse(Throwable thrown, ServerRequestContext context) {
        var routing = ((ResteasyReactiveRequestContext) context).unwrap(RoutingContext.class);
        return response(thrown, EdgeRequest.of(routing).errors());
    }

    @Override
    public Response toResponse(Throwable thrown) {
        throw new IllegalStateException(
                "an error has the shape of the API that was asked, so its request is needed", thrown);
    }

    static Response response(Throwable thrown, ErrorShape shape) {
        if (thrown instanceof WebApplicationException refused) {
            return refused.getResponse();
        }
        var answer = ErrorResponse.of(thrown);
        var response = Response.status(answer.status()).type(ContentTypes.JSON).entity(shape.body(answer));
        // What is left of a body that nobody reads would be taken for the next request.
        return thrown instanceof BodyTooLarge || thrown instanceof JsonBodyReader.Encoded
                ? response.header("Connection", "close").build()
                : response.build();
    }
}
