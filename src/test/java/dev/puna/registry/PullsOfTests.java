// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.registry.access.HostRules;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeRegistry;
import dev.puna.support.SharedVertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A registry on loopback and a store that pulls from it, which waits for nothing long. */
public final class PullsOfTests implements AutoCloseable {
    private static final TransferLimits QUICK =
            new TransferLimits(4, 0, Duration.ofSeconds(2), 3, Duration.ofMillis(10));

    final FakeRegistry registry = new FakeRegistry();
    final ModelStore store;
    final PullService pulls;
    final PushService pushes;
    final RegistryAccess access;
    private final Path folder;
    private final String host;

    PullsOfTests(Path folder) {
        this(folder, "");
    }

    /**
     * @param host of the registry; empty for the one that is made here
     */
    PullsOfTests(Path folder, String host) {
        this(folder, host, HostRules.NONE);
    }

    PullsOfTests(Path folder, String host, HostRules rules) {
        this.folder = folder;
        this.host = host.isEmpty() ? registry.host() : host;
        store = ModelStore.open(folder.resolve("models"));
        var network = new RegistryAccess.Network(
                SharedVertx::get,
                Optional::empty,
                ProxySelector::getDefault,
                folder.resolve("key/id_ed25519"),
                folder.resolve("docker"),
                rules,
                Optional.empty());
        access = new RegistryAccess(network, QUICK.stall(), "0.40.2");
        pulls = new PullService(store, access, QUICK);
        pushes = new PushService(store, access, QUICK);
    }

    /**
     * Pulls a model into the store that is below a folder.
     *
     * @param host of a registry
     */
    public static void pullInto(Path folder, String host, String model) {
        try (var puna = new PullsOfTests(folder, host)) {
            puna.pull(model);
        }
    }

    /** Pulls a model of the registry and gives what was told of it. */
    List<PullProgress> pull(String model) {
        return run(job(model, ""));
    }

    PullJob job(String model, String runner) {
        return pulls.job(repository(model), runner);
    }

    Repository repository(String model) {
        return Repository.parse(host + "/" + model, true);
    }

    /** Pushes a model to the registry and gives what was told of it. */
    List<PushProgress> push(String model) {
        var steps = new ArrayList<PushProgress>();
        pushJob(model).run(steps::add);
        return steps;
    }

    PushJob pushJob(String model) {
        return pushes.job(repository(model));
    }

    static List<PullProgress> run(PullJob job) {
        var steps = new ArrayList<PullProgress>();
        job.run(steps::add);
        return steps;
    }

    /** Stores a model of these weights under a name of the registry. */
    List<Digest> install(String model, byte[] weights) {
        return install(model, weights, FakeRegistry.layer(MediaTypes.MODEL, weights));
    }

    /** The same, made from another model of the registry. */
    void installFrom(String model, byte[] weights, String from) {
        var layer = FakeRegistry.layer(MediaTypes.MODEL, weights);
        install(model, weights, layer.replace("}", ",\"from\":\"%s\"}".formatted(name(from))));
    }

    private List<Digest> install(String model, byte[] weights, String layer) {
        var config = "{\"model_format\":\"gguf\",\"model_family\":\"llama\"}".getBytes(UTF_8);
        store.writeBlob(MediaTypes.MODEL, weights);
        store.writeBlob(MediaTypes.CONFIG, config);
        store.install(name(model), FakeRegistry.manifestOf(config, layer).getBytes(UTF_8));
        return List.of(Digest.of(weights), Digest.of(config));
    }

    ModelName name(String model) {
        return ModelName.parse(host + "/" + model);
    }

    /** Files among the blobs that are none. */
    List<Path> leftovers() {
        try (var files = Files.list(folder.resolve("models/blobs"))) {
            return files.filter(file -> !file.getFileName().toString().matches("sha256-[0-9a-f]{64}"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that a length always gives anew. */
    static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        registry.close();
    }
}
