// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.store.Upkeep;
import dev.puna.support.OutsideProgram;
import dev.puna.support.PackagedProgram;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestStore;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models taken from one store to another as a file, beside a server and through other programs, and killed in the middle. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArchiveIT {
    private static final int KILLS = 6;
    private static final int LENGTH = 60_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @Test
    void a_model_leaves_the_store_of_a_server_and_comes_back_while_it_runs() throws Exception {
        var weights = home.resolve("tiny.gguf");
        TinyGguf.llama(1).writeTo(weights);
        var modelfile = Files.writeString(home.resolve("Modelfile"), "FROM " + weights + "\nSYSTEM be short\n");
        var archive = home.resolve("model.tar");
        try (var served = ServedProgram.start(home)) {
            var puna = served.puna();
            assertThat(puna.run("create", "tiny", "-f", modelfile.toString()).exitCode())
                    .isZero();
            var listed = puna.run("list").output();
            var shown = puna.run("show", "tiny").output();

            toStandardOutput(archive, "tiny");
            assertThat(puna.run("rm", "tiny").exitCode()).isZero();
            assertThat(puna.run("list").output()).doesNotContain("tiny");

            var imported = fromStandardInput(archive);
            assertThat(imported.errors()).doesNotContain("ERROR", "WARN");
            assertThat(imported.output()).isEqualTo("imported 'tiny:latest'\n");
            assertThat(id(puna.run("list").output())).isEqualTo(id(listed));
            assertThat(puna.run("show", "tiny").output()).isEqualTo(shown);
            assertThat(puna.run("list", "-v").output()).contains("OWN", "Total: ");
            assertThat(puna.run("verify").output()).isEqualTo("tiny:latest: good\n");
            assertThat(puna.run("gc").output()).isEqualTo("0 files removed, 0 B freed\n");
        }
    }

    @Test
    void killed_imports_and_exports_leave_no_half_of_anything() throws Exception {
        var models = new TestStore(home.resolve(".ollama/models"));
        var model = models.create("large", "weights ".repeat(LENGTH / 8));
        var archive = home.resolve("large.tar");
        var random = new Random(11);
        for (var kill = 0; kill < KILLS; kill++) {
            try (var export = puna().start("export", "-o", archive.toString(), "large")) {
                Thread.sleep(200 + random.nextInt(400));
                export.signal("KILL");
            }
            if (Files.exists(archive)) {
                assertThat(Files.size(archive)).isGreaterThan(LENGTH);
            }
        }
        assertThat(puna().run("export", "-o", archive.toString(), "large").exitCode())
                .isZero();

        var other = home.resolve("other");
        for (var kill = 0; kill < KILLS; kill++) {
            try (var running = puna().with("PUNA_MODELS", other.toString()).start("import", archive.toString())) {
                Thread.sleep(200 + random.nextInt(400));
                running.signal("KILL");
            }
            var store = new TestStore(other);
            store.store().upkeep().names().forEach(name -> store.find(name.fullName())
                    .manifest()
                    .blobs()
                    .forEach(blob -> assertThat(store.store().upkeep().check(blob.digest(), _ -> {}))
                            .isEqualTo(Upkeep.BlobState.GOOD)));
        }
        var imported = puna().with("PUNA_MODELS", other.toString()).run("import", archive.toString());
        assertThat(imported.exitCode()).as(imported.errors()).isZero();
        var store = new TestStore(other);
        assertThat(store.find("large").digest()).isEqualTo(model.digest());
        store.blobs().forEach(blob -> TestStore.age(other.resolve("blobs").resolve(blob), Duration.ofHours(2)));
        store.store().prune();
        assertThat(store.blobs()).isEqualTo(models.blobs());
    }

    @Test
    void skopeo_and_oras_read_what_is_exported_and_what_they_write_is_imported() throws Exception {
        var model = new TestStore(home.resolve(".ollama/models"))
                .create("me/model:x", "weights", draft -> draft.system("be short"));
        var archive = home.resolve("model.tar");
        assertThat(puna().run("export", "-o", archive.toString(), "me/model:x").exitCode())
                .isZero();
        requireProgram("skopeo");
        var copied = home.resolve("copied.tar");
        outside("skopeo", "copy", "oci-archive:" + archive, "oci-archive:" + copied + ":me/copied:y");
        imports(model.digest().text(), "me/copied:y", copied);

        requireProgram("oras");
        var digest = outside("tar", "xOf", archive.toString(), "index.json")
                .replaceAll("(?s).*(sha256:[0-9a-f]{64}).*", "$1");
        outside(
                "oras",
                "cp",
                "--from-oci-layout",
                archive + "@" + digest,
                "--to-oci-layout",
                home.resolve("layout") + ":y");
        outside("tar", "-C", home.resolve("layout").toString(), "-cf", copied.toString(), ".");
        imports(model.digest().text(), "me/of-oras:z", copied, "--name", "me/of-oras:z");
    }

    private void imports(String digest, String name, Path archive, String... more) {
        var words = new ArrayList<>(List.of("import", archive.toString()));
        words.addAll(List.of(more));
        var other = home.resolve("other");
        var imported = puna().with("PUNA_MODELS", other.toString()).run(words.toArray(String[]::new));
        assertThat(imported.output()).as(imported.errors()).isEqualTo("imported '%s'\n".formatted(name));
        assertThat(new TestStore(other).find(name).digest().text()).isEqualTo(digest);
    }

    private static String id(String list) {
        return list.replaceAll("(?s).*tiny:latest +(\\w+).*", "$1");
    }

    private PackagedProgram puna() {
        return new PackagedProgram(home);
    }

    private void toStandardOutput(Path archive, String model) {
        var shell = List.of("sh", "-c", "exec \"$@\" > " + archive, "sh");
        var exported = puna().through(shell).run("export", model);
        assertThat(exported.exitCode()).as(exported.errors()).isZero();
        assertThat(exported.errors()).doesNotContain("ERROR", "WARN");
    }

    private PackagedProgram.Ended fromStandardInput(Path archive) {
        return puna().through(List.of("sh", "-c", "exec \"$@\" < " + archive, "sh"))
                .run("import");
    }

    private void requireProgram(String name) throws IOException {
        if (outside("sh", "-c", "command -v %s || true".formatted(name)).isEmpty()) {
            System.err.println("SKIPPED ArchiveIT: there is no " + name + " here");
            Assumptions.abort("there is no " + name);
        }
    }

    private String outside(String... command) throws IOException {
        var outcome = OutsideProgram.run(home, Map.of(), PATIENCE, List.of(command));
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }
}
