// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import dev.puna.conversion.ConversionCase;
import dev.puna.engine.Quantizer;
import dev.puna.model.ModelName;
import dev.puna.registry.PullService;
import dev.puna.registry.Repository;
import dev.puna.registry.TransferLimits;
import dev.puna.registry.access.HostRules;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeHub;
import dev.puna.support.FakeRegistry;
import dev.puna.support.SharedVertx;
import java.io.IOException;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A hub on loopback that has a tiny model in safetensors, and a store that pulls from it with a token. */
final class HubPullsOfTests implements AutoCloseable {
    static final ConversionCase MODEL = new ConversionCase("llama-3.2");
    static final String TOKEN = "hf_secret";

    final FakeRegistry registry = new FakeRegistry();
    final FakeHub hub = new FakeHub(registry, "me/llama-3.2");
    final ModelStore store;
    /** Where the model's files are. */
    final Path directory;

    private final Path folder;

    HubPullsOfTests(Path folder) throws IOException {
        this.folder = folder;
        store = ModelStore.open(folder.resolve("store"));
        directory = MODEL.writeBelow(folder);
        hub.addAll(directory);
    }

    ModelName name(String tag) {
        return ModelName.parse(registry.host() + "/me/llama-3.2:" + tag);
    }

    ModelPull pull(String host, String model, Quantizer quantizer) {
        return pull(service(quantizer), host, model);
    }

    ModelPull pull(CreationService service, String host, String model) {
        return service.pull(Repository.parse(host + "/" + model, true), "");
    }

    CreationService service(Quantizer quantizer) {
        return service(quantizer, Optional.empty(), ProxySelector.getDefault());
    }

    CreationService service(Quantizer quantizer, Optional<SSLContext> trust, ProxySelector proxies) {
        var network = new RegistryAccess.Network(
                SharedVertx::get,
                () -> trust,
                () -> proxies,
                folder.resolve("key/id_ed25519"),
                folder.resolve("docker"),
                HostRules.NONE,
                Optional.of(TOKEN));
        var limits = new TransferLimits(2, 0, Duration.ofSeconds(10), 3, Duration.ofMillis(10));
        var access = new RegistryAccess(network, limits.stall(), "0.40.2");
        return new CreationService(store, quantizer, new PullService(store, access, limits));
    }

    /** Fails if it is asked. */
    static Quantizer nothing() {
        return (_, _, _, _) -> {
            throw new AssertionError("nothing is to be quantised");
        };
    }

    @Override
    public void close() {
        registry.close();
    }
}
