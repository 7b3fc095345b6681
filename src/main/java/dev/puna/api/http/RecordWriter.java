// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.json.RecordJson;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.core.ServerSerialisers;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Writes a record that a resource returns as one JSON object. */
@Provider
public final class RecordWriter implements ServerMessageBodyWriter<Record> {
    @Override
    public boolean isWriteable(Class<?> type, Type genericType, ResteasyReactiveResourceInfo target, MediaType media) {
        return Record.class.isAssignableFrom(type);
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType media) {
        return Record.class.isAssignableFrom(type);
    }

    @Override
    public void writeResponse(Record value, Type genericType, ServerRequestContext context) {
        context.serverResponse().setPreCommitListener(RecordWriter::head);
        context.serverResponse().end(RecordJson.bytes(value));
    }

    /** What the resource or a mapper asked for, but for the content type, which Quarkus would spell its own way. */
    private static void head(ResteasyReactiveRequestContext request) {
        ServerSerialisers.encodeResponseHeaders(request);
        request.serverResponse().setResponseHeader(HttpHeaders.CONTENT_TYPE, ContentTypes.JSON);
    }

    @Override
    public void writeTo(
            Record value,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        out.write(RecordJson.bytes(value));
    }
}
