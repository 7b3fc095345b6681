// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a server is: read as Ollama's Go code reads {@code OLLAMA_HOST}, as a URL, a host with or without a port, or a
 * port behind a colon. IPv6 addresses stand in brackets unless they stand alone.
 *
 * @param scheme {@code http} or {@code https}; a server speaks {@code http} whatever it says
 * @param host name or address without brackets; empty for every address of this machine
 * @param port from 0 (any free one, for a server) to 65535
 * @param path what follows the port, with its first slash; mostly empty
 */
public record HostAddress(String scheme, String host, int port, String path) {
    static final String ACCEPTED = "[scheme://]host[:port], like 127.0.0.1:11434, 0.0.0.0 or [::1]:8080";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern LOOPBACK_IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final int HIGHEST_PORT = 65_535;

    /** After the patterns, which its making needs. */
    public static final HostAddress DEFAULT = new HostAddress("http", "127.0.0.1", 11434, "");

    public HostAddress {
        requireNonNull(scheme, "scheme is null");
        requireNonNull(host, "host is null");
        requireNonNull(path, "path is null");
        if (port < 0 || port > HIGHEST_PORT || !isValid(host)) {
            throw invalid();
        }
    }

    /** Reads one of the forms above; {@link InvalidRequest} for anything else. */
    public static HostAddress parse(String text) {
        var trimmed = text.strip();
        var end = trimmed.indexOf("://");
        var scheme = end < 0 ? "http" : trimmed.substring(0, end);
        if (!List.of("http", "https").contains(scheme)) {
            throw invalid();
        }
        var rest = end < 0 ? trimmed : trimmed.substring(end + 3);
        var defaultPort = end < 0 ? DEFAULT.port : scheme.equals("http") ? 80 : 443;
        var slash = rest.indexOf('/');
        var path = slash < 0 ? "" : rest.substring(slash);
        return split(scheme, slash < 0 ? rest : rest.substring(0, slash), defaultPort, path.equals("/") ? "" : path);
    }

    private static HostAddress split(String scheme, String hostAndPort, int defaultPort, String path) {
        if (hostAndPort.isEmpty()) {
            return new HostAddress(scheme, DEFAULT.host, defaultPort, path);
        }
        var bracket = hostAndPort.lastIndexOf(']');
        var colon = hostAndPort.lastIndexOf(':');
        var bareIpv6 = bracket < 0 && colon != hostAndPort.indexOf(':');
        if (bareIpv6 || colon <= bracket) {
            return new HostAddress(scheme, withoutBrackets(hostAndPort), defaultPort, path);
        }
        var host = withoutBrackets(hostAndPort.substring(0, colon));
        var port = hostAndPort.substring(colon + 1);
        if (port.isEmpty() && !path.startsWith("//")) {
            return new HostAddress(scheme, host.isEmpty() ? DEFAULT.host : host, defaultPort, path);
        }
        if (!PORT.matcher(port).matches()) {
            throw invalid();
        }
        return new HostAddress(scheme, host, Integer.parseInt(port), path);
    }

    private static String withoutBrackets(String host) {
        var open = host.startsWith("[");
        if (open != host.endsWith("]")) {
            throw invalid();
        }
        var inner = open ? host.substring(1, host.length() - 1) : host;
        if (open && inner.indexOf(':') < 0) {
            throw invalid();
        }
        return inner;
    }

    /** The address a server binds; what says "every address" becomes the one that means it. */
    public String bind() {
        return host.isEmpty() ? "0.0.0.0" : host;
    }

    /** Whether a server binds an IPv4 address as such, by numbers that need no name server. */
    public boolean isIpv4() {
        return IPV4.matcher(bind()).matches();
    }

    /** Whether a server that listens here is reached from this machine only. */
    public boolean isLoopback() {
        return host.equalsIgnoreCase("localhost")
                || LOOPBACK_IPV4.matcher(host).matches()
                || ipv6(host).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    /** Where a client on this machine finds the server: an address that means "every" becomes this machine's own. */
    public URI connect() {
        var every = ipv6(host).filter(InetAddress::isAnyLocalAddress).isPresent();
        var reachable = every ? "::1" : host.isEmpty() || host.equals("0.0.0.0") ? DEFAULT.host : host;
        return URI.create(scheme + "://" + join(reachable).replace("%", "%25") + path);
    }

    /** Host and port as messages name them: "127.0.0.1:11434", "[::1]:8080". */
    @Override
    public String toString() {
        return join(host);
    }

    private String join(String name) {
        return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
    }

    private static boolean isValid(String host) {
        return host.isEmpty()
                || (host.indexOf(':') < 0
                        ? NAME.matcher(host).matches()
                        : ipv6(host).isPresent());
    }

    /** Reads an address without asking any name server. */
    private static Optional<InetAddress> ipv6(String host) {
        try {
            return Optional.of(Inet6Address.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static InvalidRequest invalid() {
        return new InvalidRequest("a server's address must be " + ACCEPTED);
    }
}
