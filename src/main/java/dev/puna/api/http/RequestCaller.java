// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import dev.puna.caller.Caller;
import dev.puna.caller.Callers;
import dev.puna.connection.NetworkNumber;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request: address, key and connection, as hashes under a number that nobody outside this process knows. A proxy on this
 * machine is believed when it says for whom it asks ({@code X-Forwarded-For}). <b>Threads:</b> any.
 */
@Singleton
final class RequestCaller implements Callers {
    private static final String KEY = RequestCaller.class.getName();
    private static final int LONGEST = 4096;

    private final long secret = new SplittableRandom().nextLong();

    /** Finds out who makes a request, for all that is done for it. */
    Caller remember(HttpServerRequest request) {
        var caller = of(request);
        if (VertxContext.isOnDuplicatedContext()) {
            ContextLocals.put(KEY, caller);
        }
        return caller;
    }

    @Override
    public Caller current() {
        return VertxContext.isOnDuplicatedContext()
                ? ContextLocals.<Caller>get(KEY).orElse(Caller.NOBODY)
                : Caller.NOBODY;
    }

    private Caller of(HttpServerRequest request) {
        var connection = request.connection();
        return new Caller(
                address(request), hash(key(request)), connection == null ? 0 : System.identityHashCode(connection));
    }

    private long address(HttpServerRequest request) {
        var remote = request.remoteAddress();
        var own = number(remote == null ? null : remote.hostAddress());
        var forwarded = request.getHeader("X-Forwarded-For");
        if (own != NetworkNumber.LOOPBACK || forwarded == null) {
            return own;
        }
        // What stands before the last was said by somebody whom the proxy did not check.
        return number(forwarded.substring(forwarded.lastIndexOf(',') + 1).strip());
    }

    private long number(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            return NetworkNumber.LOOPBACK;
        }
        try {
            return NetworkNumber.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return hash(host);
        }
    }

    /** What tells programs apart that come from one address: the key, else the program's name. */
    private static String key(HttpServerRequest request) {
        for (var header : new String[] {"Authorization", "x-api-key", "User-Agent"}) {
            var value = request.getHeader(header);
            if (value != null && !value.isEmpty()) {
                return header + ':' + value;
            }
        }
        return "";
    }

    private long hash(String text) {
        var hash = secret;
        for (var i = 0; i < Math.min(text.length(), LONGEST); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
