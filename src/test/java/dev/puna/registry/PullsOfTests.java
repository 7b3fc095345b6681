// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import dev.puna.model.ModelName;
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
final class PullsOfTests implements AutoCloseable {
    private static final TransferLimits QUICK =
            new TransferLimits(4, 0, Duration.ofSeconds(2), 3, Duration.ofMillis(10));

    final FakeRegistry registry = new FakeRegistry();
    final ModelStore store;
    final PullService pulls;
    private final Path folder;

    PullsOfTests(Path folder) {
        this.folder = folder;
        store = ModelStore.open(folder.resolve("models"));
        var network = new PullService.Network(
                SharedVertx.get(),
                Optional::empty,
                ProxySelector::getDefault,
                folder.resolve("key/id_ed25519"),
                folder.resolve("docker"));
        pulls = new PullService(store, network, QUICK, "0.40.2");
    }

    /** Pulls a model of the registry and gives what was told of it. */
    List<PullProgress> pull(String model) {
        return run(job(model, ""));
    }

    PullJob job(String model, String runner) {
        return pulls.job(Repository.parse(registry.host() + "/" + model, true), runner);
    }

    static List<PullProgress> run(PullJob job) {
        var steps = new ArrayList<PullProgress>();
        job.run(steps::add);
        return steps;
    }

    ModelName name(String model) {
        return ModelName.parse(registry.host() + "/" + model);
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
