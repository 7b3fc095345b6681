// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.connection.HalfClose;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Hands a {@link StreamedResponse} that a resource returns to a {@link ResponseSubscriber} on the connection's event loop. */
@Provider
public final class StreamedResponseWriter implements ServerMessageBodyWriter<StreamedResponse> {
    @Override
    public boolean isWriteable(Class<?> type, Type genericType, ResteasyReactiveResourceInfo target, MediaType media) {
        return type == StreamedResponse.class;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType media) {
        return type == StreamedResponse.class;
    }

    @Override
    public void writeResponse(StreamedResponse stream, Type genericType, ServerRequestContext context) {
        var request = (ResteasyReactiveRequestContext) context;
        var routing = request.unwrap(RoutingContext.class);
        var response = routing.response();
        var loop = Vertx.currentContext();
        // The subscriber decides status and headers, when it knows the first item.
        context.serverResponse().setPreCommitListener(_ -> {});
        var share = BodyAdmission.share(routing);
        if (share != null) {
            share.settle();
        }
        request.suspend();
        var subscriber =
                new ResponseSubscriber(stream, EdgeRequest.of(routing).errors(), response, loop, request::resume);
        stream.items().subscribe().withSubscriber(subscriber);
        var vertx = loop.owner();
        loop.runOnContext(_ -> HalfClose.whenShut(routing.request(), () -> subscriber.shut(vertx)));
    }

    @Override
    public void writeTo(
            StreamedResponse stream,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        throw new IllegalStateException("a streamed answer is written by the event loop only");
    }
}
