// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.http.BodyArrival.Arrived;
import dev.puna.failure.Cancelled;
import dev.puna.settings.Settings;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Arrays;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;
import org.jspecify.annotations.Nullable;

/** Reads request bodies into memory up to a limit; a longer one is answered 413 without being read to its end. */
@Provider
public final class JsonBodyReader implements ServerMessageBodyReader<JsonBody> {

    private static final int FIRST_PART = 64 << 10;

    private final RequestLog log;
    private final MemoryBudget budget;

    JsonBodyReader(Settings settings, MemoryBudget budget) {
        this.budget = budget;
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
        var request = (ResteasyReactiveRequestContext) context;
        var routing = request.unwrap(RoutingContext.class);
        refuseEncoded(context.getRequestHeaders().getHeaderString(HttpHeaders.CONTENT_ENCODING));
        var share = BodyAdmission.share(routing, budget);
        var announced = context.getRequestHeaders().getHeaderString(HttpHeaders.CONTENT_LENGTH);
        var arrived = BodyArrival.of(routing);
        byte[] bytes;
        if (arrived != null && arrived.whole()) {
            bytes = arrived.take();
            share.borrow(bytes.length);
        } else if (announced == null) {
            bytes = unannounced(begun(arrived, context.getInputStream()), share);
            BodyArrival.over(routing);
        } else {
            // A length that is no number does not get as far as here.
            bytes = announced(context.getInputStream(), Long.parseLong(announced), share);
        }
        EdgeRequest.of(routing).route().ifPresent(route -> log.add(route, bytes));
        return new JsonBody(bytes, share);
    }

    @Override
    public JsonBody readFrom(
            Class<JsonBody> type,
            Type genericType,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream body) {
        throw new IllegalStateException("a body is read within the room that its request has");
    }

    private static InputStream begun(@Nullable Arrived arrived, InputStream rest) {
        return arrived == null ? rest : new SequenceInputStream(new ByteArrayInputStream(arrived.take()), rest);
    }

    /** Packed bodies are not read: how large they become is known too late. */
    private static void refuseEncoded(@Nullable String encoding) {
        if (isEncoded(encoding)) {
            throw new Encoded();
        }
    }

    static boolean isEncoded(@Nullable String encoding) {
        return encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity");
    }

    /** A body comes packed. */
    static final class Encoded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Encoded() {
            super("packed bodies are not read; send this one as it is, without Content-Encoding");
        }
    }

    private byte[] announced(InputStream body, long length, Share share) {
        if (length > budget.largestBody()) {
            throw new BodyTooLarge(budget.largestBody());
        }
        share.borrow(length);
        try {
            return whole(body, (int) length);
        } catch (IOException broken) {
            throw left(broken);
        }
    }

    /** All of a body of so many bytes, and its end: before that was seen it counts as one of which more is to come. */
    static byte[] whole(InputStream body, int length) throws IOException {
        var bytes = new byte[length];
        var read = body.readNBytes(bytes, 0, length);
        var _ = body.read();
        return read == length ? bytes : Arrays.copyOf(bytes, read);
    }

    /** Read into arrays that grow, with room for the last and the one before it. */
    private byte[] unannounced(InputStream body, Share share) {
        var bytes = new byte[FIRST_PART];
        share.borrowUnread(FIRST_PART);
        var length = 0;
        try {
            while (true) {
                length += body.readNBytes(bytes, length, bytes.length - length);
                if (length < bytes.length) {
                    share.borrowUnread(length);
                    return Arrays.copyOf(bytes, length);
                }
                if (length > budget.largestBody()) {
                    throw new BodyTooLarge(budget.largestBody());
                }
                share.borrowUnread(2L * length);
                bytes = Arrays.copyOf(bytes, 2 * length);
                share.giveBack(length);
            }
        } catch (IOException broken) {
            throw left(broken);
        }
    }

    private static Cancelled left(IOException broken) {
        return new Cancelled("the client left before it had sent its request: " + broken.getMessage());
    }
}
