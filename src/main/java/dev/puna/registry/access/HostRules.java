// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import dev.puna.failure.RegistryFailure;
import dev.puna.registry.http.RegistryHttp;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Whom this program may ask at all, whoever has named them.
 *
 * @param allowed patterns in small letters, such as {@code host}, {@code host:port} and {@code *.domain}; empty for all hosts
 * @param denied the same, which count more
 * @param privateToo whether a registry may send on to addresses of private networks
 */
public record HostRules(List<String> allowed, List<String> denied, boolean privateToo) {
    /** All hosts, but no private ones that a public registry sends on to. */
    public static final HostRules NONE = new HostRules(List.of(), List.of(), false);

    /** Copies the lists. */
    public HostRules {
        allowed = List.copyOf(allowed);
        denied = List.copyOf(denied);
    }

    /** Refuses an address that must not be asked. */
    public void check(URI address) {
        var host = RegistryHttp.host(address).toLowerCase(Locale.ROOT);
        var port = RegistryHttp.port(address);
        if (denied.stream().anyMatch(pattern -> matches(pattern, host, port))) {
            throw new RegistryFailure(
                    "%s may not be asked: PUNA_REGISTRY_DENY of this server names it".formatted(host));
        }
        if (!allowed.isEmpty() && allowed.stream().noneMatch(pattern -> matches(pattern, host, port))) {
            throw new RegistryFailure(
                    "%s may not be asked: it is not in PUNA_REGISTRY_ALLOW of this server".formatted(host));
        }
    }

    /** Whether an address fits a pattern. */
    static boolean matches(String pattern, URI address) {
        return matches(pattern, RegistryHttp.host(address).toLowerCase(Locale.ROOT), RegistryHttp.port(address));
    }

    private static boolean matches(String pattern, String host, int port) {
        var colon = pattern.lastIndexOf(':');
        var hasPort = colon > pattern.lastIndexOf(']') && colon >= 0;
        if (hasPort && !pattern.substring(colon + 1).equals(String.valueOf(port))) {
            return false;
        }
        var name = hasPort ? pattern.substring(0, colon) : pattern;
        return name.equals("*") || (name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name));
    }
}
