// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.api.http.access.HostRules;
import dev.puna.api.http.access.OriginRules;
import dev.puna.settings.Settings;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The gate that applies {@link OriginRules}, then {@link HostRules}, to requests, and tells browsers about it. Source: contract 9.1. */
final class AccessCheck implements Gate {
    private static final int NO_CONTENT = 204;
    private static final int FORBIDDEN = 403;
    private static final String ALLOWED_METHODS = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS";
    private static final String SECONDS_TO_REMEMBER = "43200";

    private final OriginRules origins;
    private final HostRules hosts;
    private final String allowedHeaders;

    AccessCheck(OriginRules origins, HostRules hosts, String allowedHeaders) {
        this.origins = origins;
        this.hosts = hosts;
        this.allowedHeaders = allowedHeaders;
    }

    /**
     * As the settings say.
     *
     * @param allowedHeaders what pages may send, as browsers are told
     */
    static AccessCheck of(Settings settings, String allowedHeaders) {
        return new AccessCheck(
                new OriginRules(settings.origins()),
                new HostRules(settings.host().isLoopback(), hostname(), AccessCheck::isOwnAddress),
                allowedHeaders);
    }

    @Override
    public void enter(EdgeRequest request, Runnable on) {
        if (admits(request.context())) {
            on.run();
        }
    }

    /** Whether the request may go on; if not, it has been answered. */
    private boolean admits(RoutingContext context) {
        var request = context.request();
        var response = context.response();
        var host = request.getHeader("Host");
        var origin = request.getHeader("Origin");
        if (isFromElsewhere(origin, host)) {
            if (!origins.allows(origin)) {
                return answer(response, FORBIDDEN);
            }
            if (HttpMethod.OPTIONS.equals(request.method())) {
                allowPreflight(response, origin);
                return answer(response, NO_CONTENT);
            }
            allow(response, origin);
        }
        return switch (hosts.judge(host == null ? "" : host)) {
            case ADDRESS -> true;
            case NAME -> !HttpMethod.OPTIONS.equals(request.method()) || answer(response, NO_CONTENT);
            case REFUSED -> answer(response, FORBIDDEN);
        };
    }

    private static boolean isFromElsewhere(@Nullable String origin, @Nullable String host) {
        return origin != null
                && !origin.isEmpty()
                && !origin.equals("http://" + host)
                && !origin.equals("https://" + host);
    }

    private void allowPreflight(HttpServerResponse response, String origin) {
        var headers = response.headers()
                .set("Access-Control-Allow-Methods", ALLOWED_METHODS)
                .set("Access-Control-Allow-Headers", allowedHeaders)
                .set("Access-Control-Max-Age", SECONDS_TO_REMEMBER)
                .set("Access-Control-Allow-Origin", origins.everyone() ? "*" : origin);
        if (!origins.everyone()) {
            headers.add("Vary", "Origin")
                    .add("Vary", "Access-Control-Request-Method")
                    .add("Vary", "Access-Control-Request-Headers");
        }
    }

    private void allow(HttpServerResponse response, String origin) {
        response.putHeader("Access-Control-Allow-Origin", origins.everyone() ? "*" : origin);
        if (!origins.everyone()) {
            response.putHeader("Vary", "Origin");
        }
    }

    private static boolean answer(HttpServerResponse response, int status) {
        response.setStatusCode(status).end();
        return false;
    }

    /** Without asking a name server, where the kernel tells. */
    private static String hostname() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException _) {
                return "";
            }
        }
    }

    private static boolean isOwnAddress(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return false;
        }
    }
}
