// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * What is still to come of a body after its request has been answered: too long, or there was no room for it.
 *
 * <p>It is read and thrown away, because many clients look for the answer only when they have sent everything; a client that
 * goes on for too long is cut off. <b>Threads:</b> the event loop of the connection.
 */
final class UnreadBody {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private UnreadBody() {}

    static void discard(RoutingContext context) {
        var request = context.request();
        if (request.isEnded() || !hasBody(request)) {
            return;
        }
        var timer = context.vertx().setTimer(PATIENCE.toMillis(), _ -> {
            // The connection may serve another request by now.
            if (!request.isEnded()) {
                request.connection().close();
            }
        });
        request.handler(_ -> {});
        request.endHandler(_ -> context.vertx().cancelTimer(timer));
        request.resume();
    }

    private static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }
}
