// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.creation.CreationService;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.Quantizer;
import dev.puna.engine.local.NativeEngineLoader;
import dev.puna.engine.local.NativeQuantizer;
import dev.puna.engine.local.ProcessHooks;
import dev.puna.engine.prefix.PrefixFolders;
import dev.puna.engine.prefix.PrefixKeeping;
import dev.puna.engine.remote.RemoteEngineLoader;
import dev.puna.engine.remote.RemoteQuantizer;
import dev.puna.folder.ModelFolders;
import dev.puna.inference.ImageSource;
import dev.puna.llama.BackendChoice;
import dev.puna.model.OllamaVersion;
import dev.puna.network.EnvironmentProxies;
import dev.puna.network.SystemTrust;
import dev.puna.registry.PullService;
import dev.puna.registry.PushService;
import dev.puna.registry.TransferLimits;
import dev.puna.registry.access.HostRules;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.scheduling.ModelScheduler;
import dev.puna.scheduling.SchedulingEvents;
import dev.puna.settings.HomeFolder;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import dev.puna.store.ReadOnlyModels;
import dev.puna.systemd.Supervisor;
import io.netty.channel.EventLoopGroup;
import io.quarkus.arc.DefaultBean;
import io.quarkus.netty.MainEventLoopGroup;
import io.quarkus.runtime.LaunchMode;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;

/** What the server is made of, each made once. Tests replace a part by producing another of its type. */
@Singleton
public class Wiring {
    @Produces
    @Singleton
    Settings settings() {
        return Settings.from(System.getenv());
    }

    @Produces
    @Singleton
    ModelStore store(Settings settings) {
        var folders = settings.modelFolders();
        return ModelStore.open(settings.models(), folders.isEmpty() ? ReadOnlyModels.NONE : new ModelFolders(folders));
    }

    @Produces
    @Singleton
    Isolation isolation(Settings settings, PrefixFolders prefixes) {
        return new Isolation(settings, prefixes);
    }

    /** Where nobody says, tests and {@code quarkus:dev} leave nothing behind. */
    @Produces
    @Singleton
    PrefixFolders prefixes(Settings settings) {
        return RunnerPrograms.cacheFolder(System.getenv())
                .filter(_ -> LaunchMode.current() == LaunchMode.NORMAL
                        || settings.prefixCache().isPresent())
                .map(cache -> new PrefixFolders(cache.resolve("prefixes"), settings.prefixCache()))
                .orElse(PrefixFolders.NONE);
    }

    /** Loads no library before the first model is wanted, so that all else works without them. */
    @Produces
    @Singleton
    @DefaultBean
    EngineLoader engineLoader(Settings settings, Isolation isolation, PrefixFolders prefixes) {
        var folder = NativeLibraries.folder(settings);
        return isolation.wanted()
                ? new RemoteEngineLoader(isolation, folder)
                : new NativeEngineLoader(
                        folder,
                        choice(settings),
                        settings.lenientTools(),
                        settings.speculates(),
                        ProcessHooks.ALONE.keeping(new PrefixKeeping(prefixes::of, settings.prefixConversations())));
    }

    @Produces
    @Singleton
    @DefaultBean
    Quantizer quantizer(Settings settings, Isolation isolation) {
        return isolation.wanted()
                ? new RemoteQuantizer(isolation, settings::computeThreads)
                : new NativeQuantizer(NativeLibraries.folder(settings), settings::computeThreads, choice(settings));
    }

    private static BackendChoice choice(Settings settings) {
        return BackendChoice.of(settings.llmLibrary(), settings.smallBatch());
    }

    @Produces
    @Singleton
    CreationService creations(ModelStore store, Quantizer quantizer, PullService pulls) {
        return new CreationService(store, quantizer, pulls);
    }

    @Produces
    @Singleton
    RegistryAccess registries(Vertx vertx, Settings settings) {
        var environment = System.getenv();
        var home = HomeFolder.of(environment);
        var hosts = settings.registryHosts();
        var docker = environment.getOrDefault("DOCKER_CONFIG", "");
        var network = new RegistryAccess.Network(
                () -> vertx,
                () -> new SystemTrust(environment).context(),
                () -> new EnvironmentProxies(environment),
                home.resolve(".ollama/id_ed25519"),
                docker.isEmpty() ? home.resolve(".docker") : Path.of(docker),
                new HostRules(hosts.allowed(), hosts.denied(), hosts.privateToo()),
                Optional.ofNullable(environment.get("HF_TOKEN")));
        return new RegistryAccess(network, TransferLimits.STALL, OllamaVersion.IMPLEMENTED);
    }

    @Produces
    @Singleton
    PullService pulls(ModelStore store, RegistryAccess registries, Settings settings) {
        return new PullService(store, registries, TransferLimits.of(settings.pullParts(), settings.pullRate()));
    }

    @Produces
    @Singleton
    PushService pushes(ModelStore store, RegistryAccess registries, Settings settings) {
        return new PushService(store, registries, TransferLimits.of(settings.pullParts(), 0));
    }

    @Produces
    @Singleton
    ImageSource images(RegistryAccess registries, Settings settings) {
        var hosts = settings.imageHosts();
        return hosts.isEmpty() ? ImageSource.NONE : new LinkedImages(registries.files(hosts));
    }

    @Produces
    @Singleton
    ModelScheduler models(EngineLoader loader, Settings settings, SchedulingEvents events) {
        return new ModelScheduler(loader, settings, events);
    }

    @Produces
    @Singleton
    Supervision supervision(@MainEventLoopGroup EventLoopGroup loops, ModelScheduler models) {
        return Supervision.of(Supervisor.from(System.getenv()), loops, models);
    }
}
