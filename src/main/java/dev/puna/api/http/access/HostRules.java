// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http.access;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which {@code Host} headers are taken, so that no web page reaches a server on the loopback device by a name of its own that
 * it lets point there (DNS rebinding). Source: contract 9.1.
 *
 * @param loopbackOnly whether the server listens on loopback addresses only; else every host is taken
 * @param hostname name of this machine
 * @param isOwn whether an address is one of this machine's
 */
public record HostRules(boolean loopbackOnly, String hostname, Predicate<InetAddress> isOwn) {
    private static final List<String> LOCAL_ENDINGS = List.of(".localhost", ".local", ".internal");

    /** What a {@code Host} header is. */
    public enum Verdict {
        /** An address of this machine or of a private network, or no check is made. */
        ADDRESS,
        /** A name that only this machine or its network can have given. */
        NAME,
        REFUSED
    }

    /** Refuses null. */
    public HostRules {
        requireNonNull(hostname, "hostname is null");
        requireNonNull(isOwn, "isOwn is null");
    }

    /** Judges the header's value, empty if there was none. */
    public Verdict judge(String header) {
        if (!loopbackOnly) {
            return Verdict.ADDRESS;
        }
        var host = withoutPort(header).toLowerCase(Locale.ROOT);
        if (address(host).filter(this::isNear).isPresent()) {
            return Verdict.ADDRESS;
        }
        return isLocalName(host) ? Verdict.NAME : Verdict.REFUSED;
    }

    private boolean isNear(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isSiteLocalAddress()
                || isUniqueLocal(address)
                || isOwn.test(address);
    }

    /** fc00::/7, the private networks of IPv6. */
    private static boolean isUniqueLocal(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    }

    private boolean isLocalName(String host) {
        return host.isEmpty()
                || host.equals("localhost")
                || host.equals(hostname.toLowerCase(Locale.ROOT))
                || LOCAL_ENDINGS.stream().anyMatch(host::endsWith);
    }

    private static String withoutPort(String header) {
        var colon = header.lastIndexOf(':');
        if (header.startsWith("[")) {
            var end = header.indexOf(']');
            return end < 0 ? header : header.substring(1, end);
        }
        var bareIpv6 = colon != header.indexOf(':');
        return colon < 0 || bareIpv6 ? header : header.substring(0, colon);
    }

    /** An address written as such; names are not looked up. */
    private static Optional<InetAddress> address(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
