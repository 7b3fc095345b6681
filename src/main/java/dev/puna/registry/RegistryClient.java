// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.failure.RegistryFailure;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Asks for what belongs to one repository: proves who asks where it must, and follows redirects where it may. <b>Threads:</b> any. */
final class RegistryClient {
    private static final int MOST_REDIRECTS = 10;

    private final RegistryHttp http;
    private final RegistryAuth auth;
    private final URI home;
    private final RedirectPolicy policy;

    RegistryClient(Repository repository, RegistryHttp http, RegistryAuth auth) {
        this.http = http;
        this.auth = auth;
        home = repository.manifest();
        policy = new RedirectPolicy(home, repository.insecure());
    }

    /**
     * Gets something; close the answer, whose status may be any.
     *
     * @param anyHost whether the registry may send on to another host for it, which gets no credentials
     * @throws RegistryFailure if it may not be had
     * @throws IOException if no answer came, with a message for people
     */
    RegistryResponse get(URI address, Map<String, String> headers, boolean anyHost) throws IOException {
        var at = address;
        var proved = false;
        for (var redirects = 0; redirects <= MOST_REDIRECTS; ) {
            var response = send(at, headers);
            if (response.status() == 401 && RedirectPolicy.sameOrigin(home, at)) {
                response.close();
                var challenge = response.header("WWW-Authenticate").map(Challenge::parse);
                if (proved || challenge.isEmpty() || !auth.answer(at, challenge.get())) {
                    throw new RegistryFailure("unauthorized: access denied");
                }
                proved = true;
            } else if (response.isRedirect()) {
                response.close();
                var next = next(at, response);
                policy.check(at, next, anyHost);
                at = next;
                redirects++;
            } else {
                return response;
            }
        }
        throw new RegistryFailure("stopped after 10 redirects");
    }

    private RegistryResponse send(URI at, Map<String, String> headers) throws IOException {
        var all = new HashMap<>(headers);
        if (RedirectPolicy.sameOrigin(home, at)) {
            auth.header().ifPresent(value -> all.put("Authorization", value));
        }
        try {
            return http.get(at, all);
        } catch (IOException e) {
            throw new IOException(ConnectionReason.of("GET", at, e), e);
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
