// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static java.util.Objects.requireNonNull;

import dev.puna.registry.http.RegistryHttp;
import io.vertx.core.Vertx;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** How this program reaches registries, and who it says it is there. <b>Threads:</b> any. */
public final class RegistryAccess {
    private final Network network;
    private final Duration silence;
    private final String version;
    private @Nullable RegistryHttp http;

    /**
     * What lies between this program and registries. Asked for when the first of them is reached.
     *
     * @param vertx whose threads move the bytes
     * @param trust makes connections by {@code https}; empty for what came with the program's Java
     * @param proxies which are between
     * @param keyFile ed25519 key of this user, made when a registry asks for it
     * @param dockerFolder where names and passwords of registries are
     * @param rules whom to ask at all
     * @param hubToken of the user at Hugging Face, who alone is told it
     */
    public record Network(
            Supplier<Vertx> vertx,
            Supplier<Optional<SSLContext>> trust,
            Supplier<ProxySelector> proxies,
            Path keyFile,
            Path dockerFolder,
            HostRules rules,
            Optional<String> hubToken) {
        public Network {
            requireNonNull(vertx, "vertx is null");
            requireNonNull(trust, "trust is null");
            requireNonNull(proxies, "proxies is null");
            requireNonNull(keyFile, "keyFile is null");
            requireNonNull(dockerFolder, "dockerFolder is null");
            requireNonNull(rules, "rules is null");
            // What no header can hold is no token.
            hubToken = hubToken.filter(
                    token -> !token.isEmpty() && token.chars().allMatch(letter -> letter > ' ' && letter <= '~'));
        }
    }

    /**
     * @param silence time after which an answer of which nothing comes is given up
     * @param version of Ollama's API that this program has, by which registries judge it
     */
    public RegistryAccess(Network network, Duration silence, String version) {
        this.network = requireNonNull(network, "network is null");
        this.silence = requireNonNull(silence, "silence is null");
        this.version = requireNonNull(version, "version is null");
    }

    /** Of Ollama's API, as registries are told it. */
    public String version() {
        return version;
    }

    /**
     * Asks for what belongs to one repository.
     *
     * @param home an address of it, on the host that the user has named
     * @param insecure whether the user lets it send on to anywhere
     */
    public RegistryClient client(URI home, boolean insecure) {
        var auth = new RegistryAuth(http(), new Credentials(network.dockerFolder()), new SigningKey(network.keyFile()));
        return new RegistryClient(home, insecure, http(), auth, network.rules(), network.hubToken());
    }

    /**
     * Files of web servers that are no registries.
     *
     * @param hosts patterns of the only hosts to ask
     */
    public WebFiles files(List<String> hosts) {
        return new WebFiles(this::http, hosts);
    }

    /** Made late, since the system's certificates are read for it, and most servers never reach a registry. */
    private synchronized RegistryHttp http() {
        var known = http;
        if (known == null) {
            known = new RegistryHttp(
                    network.vertx().get(),
                    network.trust().get(),
                    network.proxies().get(),
                    silence,
                    userAgent());
            http = known;
        }
        return known;
    }

    private String userAgent() {
        return "ollama/%s (%s %s) puna"
                .formatted(version, System.getProperty("os.arch"), System.getProperty("os.name"));
    }
}
