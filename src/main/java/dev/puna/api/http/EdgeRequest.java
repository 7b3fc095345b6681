// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.Objects.requireNonNull;

import dev.puna.api.http.Routes.Owned;
import dev.puna.caller.Caller;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * A request on its way through the gates, and what is known of it there; resources' readers and writers find it too.
 *
 * @param context the request and its response
 * @param path as it was sent, without the query
 * @param found its route, nothing if there is no such path
 * @param caller who makes it
 * @param id by which its answer can be told from others, empty in an API that has none
 */
record EdgeRequest(RoutingContext context, String path, Optional<Owned> found, Caller caller, String id) {
    private static final String KEY = EdgeRequest.class.getName();

    EdgeRequest {
        requireNonNull(context, "context is null");
        requireNonNull(path, "path is null");
        requireNonNull(found, "found is null");
        requireNonNull(caller, "caller is null");
        requireNonNull(id, "id is null");
    }

    /** A request that has just come in. */
    static EdgeRequest enter(RoutingContext context, Routes routes, Caller caller) {
        var path = context.request().path() == null ? "" : context.request().path();
        var found = routes.find(path);
        var header = found.map(owned -> owned.api().requestIdHeader()).orElse("");
        var id = header.isEmpty() ? "" : RandomId.of("req_");
        if (!header.isEmpty()) {
            context.response().putHeader(header, id);
        }
        var request = new EdgeRequest(context, path, found, caller, id);
        context.put(KEY, request);
        return request;
    }

    /** The request of a context that has been at the edge. */
    static EdgeRequest of(RoutingContext context) {
        return requireNonNull(context.get(KEY), "a request came round the edge");
    }

    String method() {
        return context.request().method().name();
    }

    Optional<Route> route() {
        return found.map(Owned::route);
    }

    /** The methods that its path takes, none if there is no such path. */
    List<String> methods() {
        return route().map(Route::methods).orElse(List.of());
    }

    /** What errors look like to whoever asks there. */
    ErrorShape errors() {
        var shape = found.map(owned -> owned.api().errors()).orElse(ErrorShape.SENTENCE);
        return error -> shape.body(error.about(id));
    }
}
