// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Why a request got no answer, as Go's programs say it, which is what clients look for. Source: contract 4. */
public final class ConnectionReason {
    private ConnectionReason() {}

    /** {@code Get "<address>": <reason>}. */
    public static String of(String method, URI address, IOException failure) {
        var verb = method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT);
        return "%s \"%s\": %s".formatted(verb, withoutQuery(address), reason(address, failure));
    }

    private static String reason(URI address, IOException failure) {
        var host = address.getHost();
        var port = address.getPort() < 0 ? (isTls(address) ? 443 : 80) : address.getPort();
        var said = String.valueOf(failure.getMessage());
        return switch (failure) {
            case UnknownHostException _ -> "dial tcp: lookup %s: no such host".formatted(said.split(": ")[0]);
            case SocketTimeoutException _ ->
                said.startsWith("Connect")
                        ? "dial tcp %s:%d: i/o timeout".formatted(host, port)
                        : "net/http: timeout awaiting response headers";
            case ConnectException _, NoRouteToHostException _ ->
                "dial tcp %s:%d: connect: %s".formatted(host, port, said.toLowerCase(Locale.ROOT));
            case SSLException _ ->
                said.contains("not an SSL/TLS record")
                        ? "http: server gave HTTP response to HTTPS client ('insecure' asks by http)"
                        : "tls: " + said;
            default -> failure.getMessage() == null || said.startsWith("Unexpected end of file") ? "EOF" : said;
        };
    }

    private static boolean isTls(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    /** What stands behind the question mark may be a signature by which anybody could fetch. */
    private static String withoutQuery(URI address) {
        var text = address.toString();
        var query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }
}
