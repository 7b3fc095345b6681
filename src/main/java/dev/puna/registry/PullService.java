// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.util.Objects.requireNonNull;

import dev.puna.registry.http.RegistryHttp;
import dev.puna.store.ModelStore;
import io.vertx.core.Vertx;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Gets models from registries into a store. <b>Threads:</b> any. */
public final class PullService {
    private final ModelStore store;
    private final TransferLimits limits;
    private final BlobDownloads downloads;
    private final Network network;
    private final String version;
    private @Nullable RegistryHttp http;

    /**
     * How registries are reached, and who says so there. Asked for when the first pull begins.
     *
     * @param vertx whose threads move the bytes
     * @param trust makes connections by {@code https}; empty for what came with the program's Java
     * @param proxies which are between
     * @param keyFile ed25519 key of this user, made when a registry asks for it
     * @param dockerFolder where names and passwords of registries are
     */
    public record Network(
            Vertx vertx,
            Supplier<Optional<SSLContext>> trust,
            Supplier<ProxySelector> proxies,
            Path keyFile,
            Path dockerFolder) {
        public Network {
            requireNonNull(vertx, "vertx is null");
            requireNonNull(trust, "trust is null");
            requireNonNull(proxies, "proxies is null");
            requireNonNull(keyFile, "keyFile is null");
            requireNonNull(dockerFolder, "dockerFolder is null");
        }
    }

    /**
     * @param version of Ollama's API that this program has, by which registries and models judge it
     */
    public PullService(ModelStore store, Network network, TransferLimits limits, String version) {
        this.store = requireNonNull(store, "store is null");
        this.network = requireNonNull(network, "network is null");
        this.version = requireNonNull(version, "version is null");
        this.limits = requireNonNull(limits, "limits is null");
        downloads = new BlobDownloads(store, limits);
    }

    /**
     * The pull of one model, which has not begun.
     *
     * @param runner which manifest of a list is meant; empty for the best one
     */
    public PullJob job(Repository repository, String runner) {
        var auth = new RegistryAuth(http(), new Credentials(network.dockerFolder()), new SigningKey(network.keyFile()));
        return new PullJob(store, downloads, new RegistryClient(repository, http(), auth), repository, runner, version);
    }

    /** Made late, since the system's certificates are read for it, and most servers never pull. */
    private synchronized RegistryHttp http() {
        var known = http;
        if (known == null) {
            known = new RegistryHttp(
                    network.vertx(), network.trust().get(), network.proxies().get(), limits.stall(), userAgent());
            http = known;
        }
        return known;
    }

    private String userAgent() {
        return "ollama/%s (%s %s) puna"
                .formatted(version, System.getProperty("os.arch"), System.getProperty("os.name"));
    }
}
