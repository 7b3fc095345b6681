// SPDX-License-Identifier: Apache-2.0
package dev.puna.network;

import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Proxies as the environment names them: {@code HTTPS_PROXY} and {@code HTTP_PROXY}, the hosts that need none in {@code NO_PROXY};
 * each also in small letters. As in Go's programs, this machine itself is never asked through a proxy. Proxies that want a password
 * or speak SOCKS are not known.
 */
public final class EnvironmentProxies extends ProxySelector {
    private final Map<String, String> environment;
    private final List<String> direct;

    /**
     * @param environment variables of the process
     * @throws InvalidRequest if a proxy's address is none
     */
    public EnvironmentProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        direct = Arrays.stream(value("NO_PROXY").split(","))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .toList();
        proxy("HTTP_PROXY");
        proxy("HTTPS_PROXY");
    }

    @Override
    public List<Proxy> select(URI address) {
        var host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        var variable = "https".equalsIgnoreCase(address.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY";
        var proxy = isDirect(host, address.getPort()) ? Optional.<Proxy>empty() : proxy(variable);
        return List.of(proxy.orElse(Proxy.NO_PROXY));
    }

    /** The caller tells the user; there is no second proxy to try. */
    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {}

    private boolean isDirect(String host, int port) {
        return host.equals("localhost")
                || host.startsWith("127.")
                || host.equals("[::1]")
                || direct.stream().anyMatch(entry -> matches(entry, host, port));
    }

    /** An entry is {@code *}, a host, a domain that stands for all below, each perhaps with a port. */
    private static boolean matches(String entry, String host, int port) {
        var colon = entry.lastIndexOf(':');
        var hasPort = colon > 0 && entry.indexOf(':') == colon;
        if (hasPort && !entry.substring(colon + 1).equals(String.valueOf(port))) {
            return false;
        }
        var name = hasPort ? entry.substring(0, colon) : entry;
        var domain = name.startsWith("*.") ? name.substring(1) : name;
        if (domain.startsWith(".")) {
            return host.endsWith(domain);
        }
        return domain.equals("*") || host.equals(domain) || host.endsWith("." + domain);
    }

    private Optional<Proxy> proxy(String variable) {
        var text = value(variable);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var address = URI.create(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(address.getScheme()) || address.getHost() == null) {
                throw new IllegalArgumentException("no address of an HTTP proxy");
            }
            var port = address.getPort() < 0 ? 80 : address.getPort();
            return Optional.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
        } catch (IllegalArgumentException _) {
            // The text may hold a password, so it is not shown.
            throw new InvalidRequest(
                    variable + " must be the address of an HTTP proxy, like http://proxy:3128; correct or unset it");
        }
    }

    private String value(String variable) {
        return environment
                .getOrDefault(variable, environment.getOrDefault(variable.toLowerCase(Locale.ROOT), ""))
                .strip();
    }
}
