// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.network.EnvironmentProxies;
import dev.puna.registry.PullService;
import dev.puna.registry.TransferLimits;
import dev.puna.registry.access.HostRules;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * The surroundings of the one server that every {@code @QuarkusTest} without a profile shares: an empty store in a folder of
 * its own and settings that no environment changes.
 */
@Singleton
public class TestServer {
    private static final Path MODELS = temporaryFolder();

    /** The folder of the store. */
    public static Path models() {
        return MODELS;
    }

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    Settings settings() {
        return Settings.from(Map.of(
                "HOME",
                MODELS.toString(),
                "PUNA_MODELS",
                MODELS.toString(),
                "PUNA_THREADS",
                "1",
                "PUNA_ORIGINS",
                "https://*.puna.example"));
    }

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    ModelStore store(Settings settings) {
        return ModelStore.open(settings.models());
    }

    /** No registry is reached but those of tests on this machine. */
    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    RegistryAccess registries() {
        return loopbackOnly();
    }

    /** Pulls from loopback only. */
    public static PullService loopbackOnly(ModelStore store) {
        return new PullService(store, loopbackOnly(), TransferLimits.of(1, 0));
    }

    /** All requests but those to loopback go by a proxy that has no address. */
    private static RegistryAccess loopbackOnly() {
        var network = new RegistryAccess.Network(
                SharedVertx::get,
                Optional::empty,
                () -> new EnvironmentProxies(
                        Map.of("HTTP_PROXY", "http://proxy.invalid:1", "HTTPS_PROXY", "http://proxy.invalid:1")),
                MODELS.resolve("id_ed25519"),
                MODELS.resolve("docker"),
                HostRules.NONE,
                Optional.empty());
        return new RegistryAccess(network, TransferLimits.STALL, "0.40.2");
    }

    private static Path temporaryFolder() {
        try {
            var folder = Files.createTempDirectory("puna-test-store-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
