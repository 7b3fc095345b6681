// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import dev.puna.failure.RegistryFailure;
import dev.puna.registry.http.ConnectionReason;
import dev.puna.registry.http.RegistryHttp;
import dev.puna.registry.http.RegistryRequest;
import dev.puna.registry.http.RegistryResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks for what belongs to one repository: proves who asks where it must, and follows redirects where it may. <b>Threads:</b> any. */
public final class RegistryClient {
    private static final int MOST_REDIRECTS = 10;

    private final RegistryHttp http;
    private final RegistryAuth auth;
    private final URI home;
    private final RedirectPolicy policy;
    private final HostRules rules;
    private final Optional<String> hubToken;

    RegistryClient(
            URI home,
            boolean insecure,
            RegistryHttp http,
            RegistryAuth auth,
            HostRules rules,
            Optional<String> hubToken) {
        this.http = http;
        this.auth = auth;
        this.home = home;
        this.rules = rules;
        this.hubToken = RedirectPolicy.isHub(home) ? hubToken : Optional.empty();
        policy = new RedirectPolicy(home, insecure, rules.privateToo());
    }

    /** Where a registry may send on to. */
    public enum Redirects {
        /** Nowhere: the answer is given as it is. */
        NONE,
        /** To itself, or to others of its family. */
        WITHIN,
        /** To any host, which gets no credentials. */
        ANYWHERE
    }

    /**
     * Gets something; close the answer, whose status may be any.
     *
     * @throws RegistryFailure if it may not be had
     * @throws IOException if no answer came, with a message for people
     */
    public RegistryResponse get(URI address, Map<String, String> headers, Redirects redirects) throws IOException {
        return send(RegistryRequest.of("GET", address, headers), redirects);
    }

    /**
     * Sends a request, again where the registry asks for a proof or sends on; close the answer, whose status may be any. An address
     * on another host is one that the registry has named before, and is checked as a redirect to it would be.
     *
     * @throws RegistryFailure if it may not be done
     * @throws IOException if no answer came, with a message for people
     */
    public RegistryResponse send(RegistryRequest request, Redirects redirects) throws IOException {
        var at = request.address();
        List<InetAddress> hosts = RedirectPolicy.sameOrigin(home, at) ? List.of() : policy.check(home, at, true);
        var proved = false;
        for (var followed = 0; followed <= MOST_REDIRECTS; ) {
            var response = once(request.to(at, hosts, proof(at, request.headers())));
            if (response.status() == 401 && RedirectPolicy.sameOrigin(home, at)) {
                response.close();
                var challenge = response.header("WWW-Authenticate").map(Challenge::parse);
                if (proved || challenge.isEmpty() || !auth.answer(at, challenge.get())) {
                    throw new RegistryFailure("unauthorized: access denied", RegistryFailure.Kind.UNAUTHORIZED);
                }
                proved = true;
            } else if (response.isRedirect() && redirects != Redirects.NONE) {
                response.close();
                var next = next(at, response);
                hosts = policy.check(at, next, redirects == Redirects.ANYWHERE);
                at = next;
                followed++;
            } else {
                return response;
            }
        }
        throw new RegistryFailure("stopped after 10 redirects");
    }

    /** What goes to the registry itself has the proof of who asks; of Hugging Face's two names, one may have been named. */
    private Map<String, String> proof(URI at, Map<String, String> headers) {
        var all = new HashMap<>(headers);
        if (RedirectPolicy.sameOrigin(home, at)) {
            auth.header().ifPresent(value -> all.put("Authorization", value));
        }
        if (RedirectPolicy.isHub(at)) {
            hubToken.ifPresent(token -> all.putIfAbsent("Authorization", "Bearer " + token));
        }
        return all;
    }

    private RegistryResponse once(RegistryRequest request) throws IOException {
        rules.check(request.address());
        try {
            return http.send(request);
        } catch (IOException e) {
            throw new IOException(ConnectionReason.of(request.method(), request.address(), e), e);
        }
    }

    private static URI next(URI at, RegistryResponse response) {
        try {
            return at.resolve(response.header("Location").orElse(""));
        } catch (IllegalArgumentException e) {
            throw new RegistryFailure("the registry redirects to what is no address", e);
        }
    }
}
