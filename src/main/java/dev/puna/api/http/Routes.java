// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.puna.api.http.Route.Name;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which paths there are, of all APIs. A test holds them and the resources together. Any thread.
 */
@Singleton
final class Routes {
    /** Whatever the API: what a page sends with any request. */
    private static final List<String> USUAL_HEADERS =
            List.of("Authorization", "Content-Type", "User-Agent", "Accept", "X-Requested-With");

    private final Map<String, Owned> fixed;
    private final Map<String, Owned> named;
    private final Map<String, Owned> nested;
    private final Collection<String> requestHeaders = new LinkedHashSet<>(USUAL_HEADERS);

    /**
     * A path that there is.
     *
     * @param api whose it is
     */
    record Owned(Route route, HttpApi api) {}

    Routes(@All List<HttpApi> apis) {
        fixed = byPath(apis, Name.NONE);
        named = byPath(apis, Name.SEGMENT);
        nested = byPath(apis, Name.PATH);
        apis.forEach(api -> requestHeaders.addAll(api.requestHeaders()));
    }

    private static Map<String, Owned> byPath(List<HttpApi> apis, Name name) {
        return apis.stream()
                .flatMap(api -> api.routes().stream()
                        .filter(route -> route.name() == name)
                        .map(route -> new Owned(route, api)))
                .collect(toUnmodifiableMap(owned -> owned.route().path(), Function.identity()));
    }

    /** What watches and describes this server: part of no API, and routed by others. */
    static boolean isOperational(String path) {
        return path.equals("/q") || path.startsWith("/q/");
    }

    /** The route of a path, nothing if there is no such path. */
    Optional<Owned> find(String path) {
        var exact = fixed.get(path);
        if (exact != null) {
            return Optional.of(exact);
        }
        var name = path.lastIndexOf('/') + 1;
        if (name == path.length()) {
            return Optional.empty();
        }
        return Optional.ofNullable(named.get(path.substring(0, name))).or(() -> nested(path));
    }

    private Optional<Owned> nested(String path) {
        return nested.values().stream()
                .filter(owned -> path.startsWith(owned.route().path()))
                .findFirst();
    }

    /** The methods of a path, none if there is no such path. */
    List<String> methods(String path) {
        return find(path).map(owned -> owned.route().methods()).orElse(List.of());
    }

    /** Every route. */
    List<Route> all() {
        return List.of(fixed, named, nested).stream()
                .flatMap(routes -> routes.values().stream())
                .map(Owned::route)
                .toList();
    }

    /** Headers that web pages may send, for {@code Access-Control-Allow-Headers}. */
    String requestHeaders() {
        return String.join(",", requestHeaders);
    }
}
