// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.http;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request.
 *
 * @param method in capital letters
 * @param address by {@code http} or {@code https}
 * @param headers by their names
 * @param body what is sent; empty for nothing
 * @param hosts addresses of the host that may be connected to, one after the other; empty to look the name up
 * @param patience how long the answer may take once everything is sent; empty for the usual time
 */
public record RegistryRequest(
        String method,
        URI address,
        Map<String, String> headers,
        Optional<RequestBody> body,
        List<InetAddress> hosts,
        Optional<Duration> patience) {
    /** Copies the collections. */
    public RegistryRequest {
        requireNonNull(method, "method is null");
        requireNonNull(address, "address is null");
        headers = Map.copyOf(headers);
        requireNonNull(body, "body is null");
        hosts = List.copyOf(hosts);
        requireNonNull(patience, "patience is null");
    }

    /** A request without a body. */
    public static RegistryRequest of(String method, URI address, Map<String, String> headers) {
        return new RegistryRequest(method, address, headers, Optional.empty(), List.of(), Optional.empty());
    }

    /** The same with a body. */
    public RegistryRequest with(RequestBody newBody) {
        return new RegistryRequest(method, address, headers, Optional.of(newBody), hosts, patience);
    }

    /** The same with that time for the answer. */
    public RegistryRequest within(Duration newPatience) {
        return new RegistryRequest(method, address, headers, body, hosts, Optional.of(newPatience));
    }

    /** The same to another place. */
    public RegistryRequest to(URI newAddress, List<InetAddress> newHosts, Map<String, String> newHeaders) {
        return new RegistryRequest(method, newAddress, newHeaders, body, newHosts, patience);
    }
}
