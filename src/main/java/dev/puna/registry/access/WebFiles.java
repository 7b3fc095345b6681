// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.RegistryFailure;
import dev.puna.registry.http.ConnectionReason;
import dev.puna.registry.http.RegistryHttp;
import dev.puna.registry.http.RegistryRequest;
import dev.puna.registry.http.RegistryResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gets small files of web servers, which are told nothing of who asks. A host that is named may be anywhere; one that only a pattern with
 * a star fits has to be public, as the addresses that it is asked at are. Redirects are followed under the same rules.
 * <b>Threads:</b> any; a call blocks.
 */
public final class WebFiles {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_READ = Duration.ofSeconds(20);
    private static final int MOST_REDIRECTS = 5;
    private static final int PIECE = 1 << 16;

    private final Supplier<RegistryHttp> http;
    private final List<String> hosts;

    /**
     * @param http asked for at the first file
     * @param hosts patterns in small letters, as {@link HostRules} has them
     */
    WebFiles(Supplier<RegistryHttp> http, List<String> hosts) {
        this.http = requireNonNull(http, "http is null");
        this.hosts = List.copyOf(hosts);
    }

    /**
     * Refuses an address by its text alone.
     *
     * @throws RegistryFailure if no pattern fits it, or it is none
     */
    public void check(URI address) {
        var scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (address.getHost() == null || !List.of("https", "http").contains(scheme)) {
            throw new RegistryFailure("this is no address of a web server");
        }
        if (hosts.stream().noneMatch(pattern -> HostRules.matches(pattern, address))) {
            throw new RegistryFailure("%s may not be asked".formatted(address.getHost()));
        }
    }

    /**
     * The file at an address.
     *
     * @param longest bytes that it may have
     * @throws RegistryFailure if it may not be had
     * @throws IOException if it cannot be had, with a message for people
     */
    public byte[] get(URI address, int longest) throws IOException {
        var at = address;
        for (var followed = 0; followed <= MOST_REDIRECTS; followed++) {
            check(at);
            try (var response = once(at)) {
                if (!response.isRedirect()) {
                    return content(response, longest);
                }
                at = next(at, response);
            }
        }
        throw new RegistryFailure("stopped after %d redirects".formatted(MOST_REDIRECTS));
    }

    private RegistryResponse once(URI at) throws IOException {
        var request = new RegistryRequest("GET", at, Map.of(), Optional.empty(), addresses(at), Optional.of(PATIENCE));
        try {
            return http.get().send(request);
        } catch (IOException e) {
            throw new IOException(ConnectionReason.of("GET", at, e), e);
        }
    }

    /** Those to connect to; none where the host is named, so that any will do. */
    private List<InetAddress> addresses(URI at) throws IOException {
        if (hosts.stream().anyMatch(pattern -> !pattern.startsWith("*") && HostRules.matches(pattern, at))) {
            return List.of();
        }
        var addresses = List.of(RegistryHttp.lookUp(at));
        if (addresses.stream().anyMatch(RedirectPolicy::isPrivate)) {
            throw new RegistryFailure("%s is in a private network".formatted(at.getHost()));
        }
        return addresses;
    }

    private static URI next(URI at, RegistryResponse response) {
        try {
            return at.resolve(response.header("Location").orElse(""));
        } catch (IllegalArgumentException e) {
            throw new RegistryFailure("the server redirects to what is no address", e);
        }
    }

    private static byte[] content(RegistryResponse response, int longest) throws IOException {
        if (response.status() != 200) {
            throw new IOException("the server answered with the status " + response.status());
        }
        var end = System.nanoTime() + LONGEST_READ.toNanos();
        var content = new ByteArrayOutputStream();
        var piece = new byte[PIECE];
        for (int read = response.body().read(piece);
                read >= 0;
                read = response.body().read(piece)) {
            content.write(piece, 0, read);
            if (content.size() > longest) {
                throw new IOException("the file has more than %d bytes".formatted(longest));
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("the file did not come within %d seconds".formatted(LONGEST_READ.toSeconds()));
            }
        }
        return content.toByteArray();
    }
}
