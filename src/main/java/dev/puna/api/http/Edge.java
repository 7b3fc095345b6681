// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.settings.Settings;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The first to see a request: sends untidy paths to tidy ones, refuses hosts and web pages that may not ask, and answers for
 * paths and methods that do not exist. What it lets through has a resource. <b>Threads:</b> event loops.
 */
@Singleton
final class Edge {
    /** Before every filter and route of Quarkus. */
    private static final int FIRST = 1_000;

    private static final int MOVED_PERMANENTLY = 301;
    private static final int TEMPORARY_REDIRECT = 307;
    private static final String ALLOW = "Allow";
    private static final String PLAIN_TEXT = "text/plain";

    /** As RFC 9110 wants it, section 5.6.7. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final AccessCheck access;
    private final BodyAdmission admission;

    Edge(Settings settings, MemoryBudget budget) {
        admission = new BodyAdmission(budget);
        access = AccessCheck.of(settings);
    }

    void install(@Observes Filters filters) {
        filters.register(this::admit, FIRST);
    }

    /** HTTP/1.1 asks for a Host header; what has none fails before any filter sees it. */
    void answerHostless(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(context -> {
            if (context.statusCode() == 400 && context.request().getHeader("Host") == null) {
                text(context, 400, "400 Bad Request: missing required Host header");
            } else {
                context.next();
            }
        });
    }

    private void admit(RoutingContext context) {
        var request = context.request();
        HalfClose.allow(request);
        context.addHeadersEndHandler(_ -> context.response().putHeader(HttpHeaders.DATE, DATE.format(Instant.now())));
        var path = request.path() == null ? "" : request.path();
        var clean = CleanPath.of(path);
        if (!clean.equals(path)) {
            redirect(context, TEMPORARY_REDIRECT, "Temporary Redirect", clean);
            return;
        }
        var method = request.method().name();
        var methods = Routes.methods(path);
        if (isRouteWithSlash(path, method)) {
            redirectWithoutSlash(context, path);
            return;
        }
        if (!methods.isEmpty() && !methods.contains(method)) {
            context.response().putHeader(ALLOW, String.join(", ", methods));
        }
        context.addEndHandler(_ -> UnreadBody.discard(context));
        if (access.admits(context)) {
            route(context, path, method, methods);
        }
    }

    private void route(RoutingContext context, String path, String method, List<String> methods) {
        if (Routes.isOperational(path)) {
            admission.admit(context);
        } else if (methods.contains(method)) {
            // Ollama looks at neither, so nobody may be refused for them.
            context.request().headers().remove("Accept").remove("Content-Type");
            admission.admit(context);
        } else if (methods.isEmpty()) {
            text(context, 404, "404 page not found");
        } else {
            text(context, 405, "405 method not allowed");
        }
    }

    private static boolean isRouteWithSlash(String path, String method) {
        return path.length() > 1
                && path.endsWith("/")
                && Routes.methods(path.substring(0, path.length() - 1)).contains(method);
    }

    private static void redirectWithoutSlash(RoutingContext context, String path) {
        var target = path.substring(0, path.length() - 1);
        if (HttpMethod.GET.equals(context.request().method())) {
            redirect(context, MOVED_PERMANENTLY, "Moved Permanently", target);
        } else {
            redirect(context, TEMPORARY_REDIRECT, "Temporary Redirect", target);
        }
    }

    private static void text(RoutingContext context, int status, String text) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", PLAIN_TEXT)
                .end(text);
    }

    /** As Go's {@code http.Redirect} does: with a page for people who asked with GET. */
    private static void redirect(RoutingContext context, int status, String reason, String path) {
        var query = context.request().query();
        var location = query == null ? path : path + "?" + query;
        var response = context.response().setStatusCode(status).putHeader("Location", location);
        if (HttpMethod.GET.equals(context.request().method())) {
            response.putHeader("Content-Type", "text/html; charset=utf-8")
                    .end("<a href=\"" + escaped(location) + "\">" + reason + "</a>.\n\n");
        } else {
            response.end();
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }
}
