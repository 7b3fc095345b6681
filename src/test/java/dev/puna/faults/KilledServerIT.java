// SPDX-License-Identifier: Apache-2.0
package dev.puna.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeRegistry;
import dev.puna.support.PackagedProgram;
import dev.puna.support.ServedProgram;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is killed at random moments while models are made, copied, deleted and pulled, and started again, some times:
 * {@code -Dfaults.rounds=}, {@code -Dfaults.seed=}.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KilledServerIT {
    private static final int ROUNDS = Integer.getInteger("faults.rounds", 3);
    private static final long SEED = Long.getLong("faults.seed", 1);

    @TempDir
    Path home;

    private final FakeRegistry registry = new FakeRegistry();
    private final Random random = new Random(SEED);

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void what_is_stored_is_whole_after_each_start() throws Exception {
        registry.model("latest", "weights from elsewhere".repeat(100_000).getBytes(UTF_8));
        var gguf = home.resolve("tiny.gguf");
        Files.write(gguf, TinyGguf.llama(1).toArray());
        var names = 1;
        for (var round = 0; round < ROUNDS; round++) {
            try (var served = ServedProgram.start(home)) {
                if (round == 0) {
                    served.create("kept", gguf, "SYSTEM stays");
                }
                var commands = begin(served, gguf, round);
                Thread.sleep(random.nextInt(2_500));
                served.server().signal("KILL");
                served.server().end();
                commands.forEach(PackagedProgram.Running::close);
            }
            names = Math.max(names, requireWhole());
        }
        System.out.printf("killed server: seed %d, %d kills, up to %d models%n", SEED, ROUNDS, names);
        try (var served = ServedProgram.start(home)) {
            served.create("again", gguf);
            assertThat(served.puna().run("show", "kept").exitCode()).isZero();
        }
    }

    /** Starts some commands that change the store, none of which is waited for. */
    private List<PackagedProgram.Running> begin(ServedProgram served, Path gguf, int round) throws IOException {
        var modelfile = Files.writeString(
                home.resolve("Modelfile-" + round), "FROM " + gguf + "\nSYSTEM number " + round + "\n");
        var commands = new ArrayList<PackagedProgram.Running>();
        commands.add(served.puna().start("create", "made-" + round, "-f", modelfile.toString()));
        commands.add(served.puna().start("cp", "kept", "copy-" + round));
        commands.add(served.puna().start("rm", round == 0 ? "nothing" : "copy-" + (round - 1)));
        commands.add(served.puna().start("pull", "--insecure", registry.host() + "/me/model"));
        return commands;
    }

    /** How many models there are. */
    private int requireWhole() throws IOException {
        var folder = home.resolve(".ollama/models");
        var store = ModelStore.open(folder);
        var models = store.list();
        assertThat(models).anyMatch(model -> model.name().shortName().equals("kept:latest"));
        for (var model : models) {
            assertThat(model.manifest().blobs()).allMatch(layer -> store.contains(layer.digest()));
        }
        try (var blobs = Files.list(folder.resolve("blobs"))) {
            for (var blob : blobs.toList()) {
                var name = blob.getFileName().toString();
                if (name.matches("sha256-[0-9a-f]{64}")) {
                    assertThat(Digest.of(Files.readAllBytes(blob)).fileName()).isEqualTo(name);
                }
            }
        }
        return models.size();
    }
}
