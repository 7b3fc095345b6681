// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import dev.puna.failure.RegistryFailure;
import dev.puna.registry.http.RegistryHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Where a registry may send a client on to. Source: addendum 2, contract 9.2.
 *
 * <p>Requests of the protocol stay on their host and port, or within the hosts of Ollama and Hugging Face. The bytes of blobs may come
 * from any other public host; one that only this machine or its network can reach is a registry's business only if the registry is
 * such a host itself, or the user has allowed it.
 */
public final class RedirectPolicy {
    private static final List<String> HUB = List.of("hf.co", "huggingface.co");
    private static final List<String> FAMILY = List.of("ollama.com", "ollama.ai", "hf.co", "huggingface.co");

    private final URI named;
    private final boolean insecure;
    private final boolean privateToo;

    /**
     * @param named an address on the host that the user has named
     * @param insecure whether the user has allowed everything
     * @param privateToo whether addresses of private networks are as good as others
     */
    RedirectPolicy(URI named, boolean insecure, boolean privateToo) {
        this.named = named;
        this.insecure = insecure;
        this.privateToo = privateToo;
    }

    /**
     * Refuses a redirect that must not be followed.
     *
     * @return the addresses that were looked at, which are those to connect to; nothing where any will do
     */
    List<InetAddress> check(URI from, URI to, boolean anyHost) {
        var scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        if (to.getHost() == null || !List.of("https", "http").contains(scheme)) {
            throw new RegistryFailure("the registry redirects to what is no address of a web server");
        }
        if (insecure) {
            return List.of();
        }
        if (scheme.equals("http") && "https".equalsIgnoreCase(from.getScheme())) {
            throw new RegistryFailure("blocked redirect from https to http: " + to.getHost());
        }
        if (sameOrigin(from, to) || (isFamily(from) && isFamily(to))) {
            return List.of();
        }
        if (!anyHost) {
            throw new RegistryFailure("blocked redirect to a different host: " + to.getHost());
        }
        var addresses = addresses(to);
        if (!privateToo
                && !to.getHost().equalsIgnoreCase(named.getHost())
                && addresses.stream().anyMatch(RedirectPolicy::isPrivate)
                && addresses(named).stream().noneMatch(RedirectPolicy::isPrivate)) {
            throw new RegistryFailure(
                    "blocked redirect to an address of a private network: %s (PUNA_REGISTRY_PRIVATE=1 allows it)"
                            .formatted(to.getHost()));
        }
        return addresses;
    }

    /** Whether both are on one host and port; credentials go no further. */
    public static boolean sameOrigin(URI one, URI other) {
        return String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
                && RegistryHttp.port(one) == RegistryHttp.port(other);
    }

    /** Whether an address is Hugging Face itself, and nobody can listen. */
    static boolean isHub(URI address) {
        return "https".equalsIgnoreCase(address.getScheme())
                && RegistryHttp.port(address) == 443
                && HUB.contains(String.valueOf(address.getHost()).toLowerCase(Locale.ROOT));
    }

    private static boolean isFamily(URI address) {
        var host = address.getHost().toLowerCase(Locale.ROOT);
        return FAMILY.stream().anyMatch(member -> host.equals(member) || host.endsWith("." + member));
    }

    /** What a name stands for; nothing if nobody here knows it, when a proxy may. */
    private static List<InetAddress> addresses(URI address) {
        try {
            return List.of(RegistryHttp.lookUp(address));
        } catch (IOException _) {
            return List.of();
        }
    }

    /** Whether only this machine or its network can reach an address. */
    static boolean isPrivate(InetAddress address) {
        var bytes = address.getAddress();
        var uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        var carrier = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || uniqueLocal
                || carrier;
    }
}
