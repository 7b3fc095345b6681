// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.http.access.CleanPath;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * The gate that sends untidy paths to tidy ones, and those with a slash too many to the route without it.
 *
 * @param routes all there are
 */
record TidyPath(Routes routes) implements Gate {
    private static final int MOVED_PERMANENTLY = 301;
    private static final int TEMPORARY_REDIRECT = 307;

    @Override
    public void enter(EdgeRequest request, Runnable on) {
        var path = request.path();
        var clean = CleanPath.of(path);
        if (!clean.equals(path)) {
            redirect(request.context(), TEMPORARY_REDIRECT, "Temporary Redirect", clean);
        } else if (isRouteWithSlash(path, request.method())) {
            redirectWithoutSlash(request.context(), path);
        } else {
            on.run();
        }
    }

    private boolean isRouteWithSlash(String path, String method) {
        return path.length() > 1
                && path.endsWith("/")
                && routes.methods(path.substring(0, path.length() - 1)).contains(method);
    }

    private static void redirectWithoutSlash(RoutingContext context, String path) {
        var target = path.substring(0, path.length() - 1);
        if (HttpMethod.GET.equals(context.request().method())) {
            redirect(context, MOVED_PERMANENTLY, "Moved Permanently", target);
        } else {
            redirect(context, TEMPORARY_REDIRECT, "Temporary Redirect", target);
        }
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
