// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.connection.ConnectionLimits;
import dev.puna.connection.Connections;
import dev.puna.connection.HalfClose;
import dev.puna.settings.OpenFiles;
import dev.puna.settings.Settings;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The first to see a request: a row of gates that send untidy paths to tidy ones, refuse hosts and web pages that may not ask, answer
 * for paths and methods that do not exist, and wait for memory and for bodies. What they let through has a resource. <b>Threads:</b> event loops.
 */
@Singleton
final class Edge {
    /** Before every filter and route of Quarkus. */
    private static final int FIRST = 1_000;

    private static final String ALLOW = "Allow";
    private static final String PLAIN_TEXT = "text/plain";

    /** As RFC 9110 wants it, section 5.6.7. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Routes routes;
    private final RequestCaller callers;
    private final Gate gates;

    Edge(Settings settings, MemoryBudget budget, Routes routes, RequestCaller callers) {
        this.routes = routes;
        this.callers = callers;
        var most = OpenFiles.connections(Path.of("/"), settings.maxConnections());
        Connections.limit(ConnectionLimits.of(most, settings.stallTimeout()));
        gates = Gate.inOrder(List.of(
                Edge::requireKnownCoding,
                new TidyPath(routes),
                Edge::announce,
                AccessCheck.of(settings, routes.requestHeaders()),
                Edge::requireRoute,
                new BodyAdmission(budget),
                new BodyArrival(budget)));
    }

    void install(@Observes Filters filters) {
        filters.register(this::admit, FIRST);
    }

    /** HTTP/1.1 asks for a Host header; what has none, or one that names no host, fails before any filter sees it. */
    void answerHostless(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(context -> {
            if (context.statusCode() == 400 && context.request().authority() == null) {
                var there = context.request().getHeader("Host") != null;
                text(
                        context,
                        400,
                        "400 Bad Request: " + (there ? "malformed Host header" : "missing required Host header"));
            } else {
                context.next();
            }
        });
    }

    private void admit(RoutingContext context) {
        HalfClose.allow(context.request());
        context.addHeadersEndHandler(_ -> context.response().putHeader(HttpHeaders.DATE, DATE.format(Instant.now())));
        gates.enter(EdgeRequest.enter(context, routes, callers.remember(context.request())), context::next);
    }

    /** Tells which methods a path takes if it does not take this one, whoever answers, and reads what nobody will. */
    private static void announce(EdgeRequest request, Runnable on) {
        var context = request.context();
        var methods = request.methods();
        if (!methods.isEmpty() && !methods.contains(request.method())) {
            context.response().putHeader(ALLOW, String.join(", ", methods));
        }
        var loop = Vertx.currentContext();
        // An answer may end on any thread.
        context.addEndHandler(_ -> loop.runOnContext(_ -> UnreadBody.discard(context)));
        on.run();
    }

    /** Where a body in another coding ends is not known: what follows might be taken for a request, so nothing more is read, as by Go. */
    private static void requireKnownCoding(EdgeRequest request, Runnable on) {
        var codings = request.context().request().headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (codings.isEmpty() || (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
            on.run();
        } else {
            request.context().response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            text(request.context(), 501, "Unsupported transfer encoding");
        }
    }

    private static void requireRoute(EdgeRequest request, Runnable on) {
        if (Routes.isOperational(request.path())) {
            on.run();
        } else if (request.methods().contains(request.method())) {
            // Ollama looks at neither, so nobody may be refused for them.
            request.context().request().headers().remove("Accept").remove("Content-Type");
            on.run();
        } else if (request.methods().isEmpty()) {
            text(request.context(), 404, "404 page not found");
        } else {
            text(request.context(), 405, "405 method not allowed");
        }
    }

    private static void text(RoutingContext context, int status, String text) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", PLAIN_TEXT)
                .end(text);
    }
}
