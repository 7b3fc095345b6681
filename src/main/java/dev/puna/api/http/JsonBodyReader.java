// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.failure.Cancelled;
import dev.puna.settings.Settings;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Reads request bodies into memory up to a limit; a longer one is answered 413 without being read to its end. */
@Provider
public final class JsonBodyReader implements ServerMessageBodyReader<JsonBody> {
    private static final long SMALLEST_LIMIT = 16 << 20;
    private static final long LARGEST_LIMIT = 256 << 20;

    private final RequestLog log;

    JsonBodyReader(Settings settings) {
        log = RequestLog.of(settings);
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, ResteasyReactiveResourceInfo target, MediaType media) {
        return type == JsonBody.class;
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType media) {
        return type == JsonBody.class;
    }

    @Override
    public JsonBody readFrom(Class<JsonBody> type, Type genericType, MediaType media, ServerRequestContext context) {
        var announced = context.getRequestHeaders().getHeaderString(HttpHeaders.CONTENT_LENGTH);
        // A length that is no number does not get as far as here.
        if (announced != null && Long.parseLong(announced) > largest()) {
            throw new BodyTooLarge(largest());
        }
        var bytes = read(context.getInputStream());
        log.add(((ResteasyReactiveRequestContext) context).getPath(), bytes);
        return new JsonBody(bytes);
    }

    @Override
    public JsonBody readFrom(
            Class<JsonBody> type,
            Type genericType,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream body) {
        return new JsonBody(read(body));
    }

    /**
     * Generous for pictures in base64, small enough that a few such requests do not take all of the memory. Not a constant:
     * a native image would keep the value of the machine that built it.
     */
    static int largest() {
        return (int) Math.clamp(Runtime.getRuntime().maxMemory() / 8, SMALLEST_LIMIT, LARGEST_LIMIT);
    }

    private static byte[] read(InputStream body) {
        var largest = largest();
        var bytes = readAtMost(body, largest + 1);
        if (bytes.length > largest) {
            throw new BodyTooLarge(largest);
        }
        return bytes;
    }

    private static byte[] readAtMost(InputStream body, int length) {
        try {
            return body.readNBytes(length);
        } catch (IOException broken) {
            throw new Cancelled("the client left before it had sent its request: " + broken.getMessage());
        }
    }
}
