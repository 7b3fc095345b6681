// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.SocketAddress;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Sends single requests: no redirect is followed and no credential added here.
 *
 * <p>Vert.x's client, since it is in the program's class path, knows {@code PATCH}, and connects to an address that was looked at
 * before under the name of the host. Names are looked up by Java. Connections are used again.
 * <b>Threads:</b> any but Vert.x's; a call blocks, and so does reading the answer. An interrupt ends either.
 */
public final class RegistryHttp {
    /** Bytes of a body that come at a time. */
    static final int LONGEST_CHUNK = 1 << 16;

    private static final Duration CONNECT = Duration.ofSeconds(30);
    /** Most servers keep a connection longer, so none is used that ends at this moment. */
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** Of one host; a request waits for one of them. */
    private static final int MOST_CONNECTIONS = 256;
    /** As much as Netty allows by default, eight times: signed addresses to be redirected to are long. */
    private static final int LONGEST_HEADERS = 1 << 16;

    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "PUT");

    private final HttpClient client;
    private final ProxySelector proxies;
    private final Duration silence;
    private final String userAgent;

    /**
     * @param vertx whose threads move the bytes
     * @param trust makes connections by {@code https}; empty for what came with the program's Java
     * @param silence time after which an answer of which nothing comes is given up
     * @param userAgent what this program calls itself
     */
    public RegistryHttp(
            Vertx vertx, Optional<SSLContext> trust, ProxySelector proxies, Duration silence, String userAgent) {
        this.proxies = requireNonNull(proxies, "proxies is null");
        this.silence = requireNonNull(silence, "silence is null");
        this.userAgent = requireNonNull(userAgent, "userAgent is null");
        var options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(false)
                .setConnectTimeout((int) CONNECT.toMillis())
                .setKeepAliveTimeout((int) IDLE.toSeconds())
                .setMaxChunkSize(LONGEST_CHUNK)
                .setMaxHeaderSize(LONGEST_HEADERS);
        options.setSslHandshakeTimeout(CONNECT.toSeconds()).setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        // Each request says whether it goes by TLS; without this Vert.x looks at no engine but its own.
        options.setSsl(true);
        trust.map(GivenTls::new).ifPresent(options::setSslEngineOptions);
        client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    }

    /** Sends a request and gives the answer once its headers are there; close it. */
    public RegistryResponse send(RegistryRequest request) throws IOException {
        var options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setHost(host(request.address()))
                .setPort(port(request.address()))
                .setSsl(isTls(request.address()))
                .setURI(path(request.address()))
                .putHeader("User-Agent", userAgent)
                .putHeader("Accept", "*/*");
        request.headers().forEach(options::putHeader);
        request.body().ifPresent(body -> options.putHeader("Content-Length", String.valueOf(body.length())));
        if (proxies.select(request.address()).getFirst().address() instanceof InetSocketAddress proxy) {
            var lookedUp = InetAddress.getByName(proxy.getHostString()).getHostAddress();
            options.setProxyOptions(new ProxyOptions().setHost(lookedUp).setPort(proxy.getPort()));
            return exchange(request, options);
        }
        return direct(request, options);
    }

    /** Tries the addresses of a host one after the other until somebody is there. */
    private RegistryResponse direct(RegistryRequest request, RequestOptions options) throws IOException {
        IOException first = null;
        for (var host : hosts(request)) {
            options.setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(host, options.getPort())));
            try {
                return exchange(request, options);
            } catch (ConnectException | NoRouteToHostException e) {
                first = first == null ? e : first;
            }
        }
        throw requireNonNull(first, "a host without an address");
    }

    /** Goes again, once, if the server has closed the connection before it answered: it may have been one from before, just ending. */
    private RegistryResponse exchange(RegistryRequest request, RequestOptions options) throws IOException {
        try {
            return new Exchange(client, silence).run(request, options);
        } catch (ConnectException | NoRouteToHostException e) {
            throw e;
        } catch (EOFException | SocketException e) {
            if (!REPEATABLE.contains(request.method())) {
                throw e;
            }
            return new Exchange(client, silence).run(request, options);
        }
    }

    private static List<InetAddress> hosts(RegistryRequest request) throws IOException {
        return request.hosts().isEmpty() ? Arrays.asList(lookUp(request.address())) : request.hosts();
    }

    /** All addresses of a host. */
    public static InetAddress[] lookUp(URI address) throws IOException {
        return InetAddress.getAllByName(host(address));
    }

    /** The host of an address, also where its name is none by the rules, such as one with a low line. */
    public static String host(URI address) {
        if (address.getHost() != null) {
            return address.getHost();
        }
        var authority = String.valueOf(address.getRawAuthority());
        var colon = authority.lastIndexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** The port of an address, also where it does not say. */
    public static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return isTls(address) ? 443 : 80;
    }

    private static boolean isTls(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    private static String path(URI address) {
        var path = address.getRawPath() == null || address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        return address.getRawQuery() == null ? path : path + "?" + address.getRawQuery();
    }
}
