// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import static java.util.Objects.requireNonNull;

import dev.puna.archive.BlobProgress;
import dev.puna.cli.store.VerifyCommand.Problem;
import dev.puna.failure.Failure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.model.OllamaVersion;
import dev.puna.network.EnvironmentProxies;
import dev.puna.network.SystemTrust;
import dev.puna.registry.PullService;
import dev.puna.registry.Repository;
import dev.puna.registry.TransferLimits;
import dev.puna.registry.access.HostRules;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.settings.HomeFolder;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gets blobs again from the registries that models are named after. A bad blob stays until its successor is whole and verified. */
final class BlobRepair implements AutoCloseable {
    private final PullService pulls;
    private final boolean insecure;
    private final BlobProgress progress;
    private final Set<Digest> repaired = new HashSet<>();
    private @Nullable Vertx vertx;

    /**
     * @param insecure whether registries may be asked by {@code http}
     */
    BlobRepair(Map<String, String> environment, ModelStore store, boolean insecure, BlobProgress progress) {
        this.insecure = insecure;
        this.progress = requireNonNull(progress, "progress is null");
        var settings = Settings.from(environment);
        var home = HomeFolder.of(environment);
        var docker = environment.getOrDefault("DOCKER_CONFIG", "");
        var hosts = settings.registryHosts();
        var network = new RegistryAccess.Network(
                this::vertx,
                () -> new SystemTrust(environment).context(),
                () -> new EnvironmentProxies(environment),
                home.resolve(".ollama/id_ed25519"),
                docker.isEmpty() ? home.resolve(".docker") : Path.of(docker),
                new HostRules(hosts.allowed(), hosts.denied(), hosts.privateToo()));
        pulls = new PullService(
                store,
                new RegistryAccess(network, TransferLimits.STALL, OllamaVersion.IMPLEMENTED),
                TransferLimits.of(settings.pullParts(), settings.pullRate()));
    }

    /** What is left of a problem after the registry of that model was asked. */
    Problem repaired(ModelName model, Problem problem) {
        return switch (problem) {
            case Problem.OfBlob bad -> repaired(model, bad);
            case Problem.OfManifest _, Problem.Solved _ -> problem;
        };
    }

    private Problem repaired(ModelName model, Problem.OfBlob bad) {
        var digest = bad.blob().digest();
        if (repaired.contains(digest)) {
            return new Problem.Solved("repaired: " + digest.text());
        }
        try {
            pulls.fetch(
                    new Repository(model, insecure),
                    bad.blob(),
                    done -> progress.at(digest, bad.blob().size(), done));
            repaired.add(digest);
            return new Problem.Solved("repaired: " + digest.text());
        } catch (Failure e) {
            return new Problem.OfBlob(
                    bad.blob(), "%s; %s does not give it: %s".formatted(bad.text(), model.host(), e.text()));
        }
    }

    @Override
    public void close() {
        if (vertx != null) {
            var _ = vertx.close();
        }
    }

    private Vertx vertx() {
        var made = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
        vertx = made;
        return made;
    }
}
