// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import dev.puna.failure.StoreFailure;
import dev.puna.scheduling.ModelScheduler;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.logging.Level;
import org.jboss.logging.Logger;

/** The server's beginning and end. */
@Singleton
public class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    /** What is below us, and logs requests that fail outside of our own handling of failures. */
    private static final List<String> BELOW = List.of("io.quarkus", "io.vertx", "io.netty");

    private final Settings settings;
    private final ModelStore store;
    private final ModelScheduler models;
    private final Supervision supervision;

    Lifecycle(Settings settings, ModelStore store, ModelScheduler models, Supervision supervision) {
        this.settings = settings;
        this.store = store;
        this.models = models;
        this.supervision = supervision;
    }

    /** A store that cannot be opened keeps the server from starting; native libraries that are missing do not. */
    void start(@Observes StartupEvent event) {
        PunaServe.serves();
        LOG.infof("store.open folder=%s", settings.models());
        if (!store.isWritable()) {
            LOG.warnf(
                    "store.readonly folder=%s effect=\"models can be run, but not made, copied or deleted\"",
                    settings.models());
        } else if (settings.prunes()) {
            Thread.startVirtualThread(this::prune);
        }
        var libraries = NativeLibraries.folder(settings);
        if (!NativeLibraries.present(libraries)) {
            LOG.warnf(
                    "native.missing folder=%s effect=\"models can be managed but not run\" remedy=\"%s\"",
                    libraries, "run native-libs/prepare, or set PUNA_NATIVE_LIBS to their folder");
        }
    }

    void listen(@ObservesAsync HttpServerStart event) {
        LOG.infof(
                "server.listen host=%s port=%d",
                event.options().getHost(), event.options().getPort());
        supervision.listening(event.options().getHost(), event.options().getPort());
        new IdleMemory(models::occupancy).watch();
    }

    /** The first thing that happens when the server stops, while it still answers: running answers get their grace. */
    void stop(@Observes ShutdownDelayInitiatedEvent event) {
        supervision.stopping(PunaServe.longestStop(settings));
        models.close();
    }

    /** Connections are closed next: that a request still on one of them fails is told to nobody, least of all as an error. */
    void cut(@Observes ShutdownEvent event) {
        BELOW.forEach(name -> java.util.logging.Logger.getLogger(name).setLevel(Level.OFF));
    }

    private void prune() {
        var other = OtherServers.of(settings.models());
        if (other.isPresent()) {
            LOG.infof("store.prune skipped reason=\"process %d is an Ollama that uses this folder\"", other.get());
            return;
        }
        try {
            var removed = store.prune();
            if (removed > 0) {
                LOG.infof("store.prune removed=%d", removed);
            }
        } catch (StoreFailure failure) {
            LOG.warnf("store.prune.failed reason=\"%s\"", failure.text());
        }
    }
}
