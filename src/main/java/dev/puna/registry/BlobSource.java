// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.registry.access.RedirectPolicy;
import dev.puna.registry.access.RegistryClient;
import dev.puna.registry.access.RegistryClient.Redirects;
import dev.puna.registry.http.RegistryResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the bytes of one blob are: at the registry, or where it has sent on to the last time. <b>Threads:</b> any. */
final class BlobSource {
    private final RegistryClient client;
    private final URI home;
    private volatile @Nullable URI location;

    /**
     * @param home the blob's address at the registry
     */
    BlobSource(RegistryClient client, URI home) {
        this.client = client;
        this.home = home;
    }

    /** Gets the blob, or as much as the headers say; close the answer. */
    RegistryResponse get(Map<String, String> headers) throws IOException {
        var known = location;
        var response = client.get(known == null ? home : known, headers, Redirects.ANYWHERE);
        if (!isHome(response.address())) {
            location = response.address();
        }
        return response;
    }

    /** Whether an answer came from the registry itself. */
    boolean isHome(URI address) {
        return RedirectPolicy.sameOrigin(home, address);
    }

    /** Asks the registry again at the next time. */
    void forgetLocation() {
        location = null;
    }
}
