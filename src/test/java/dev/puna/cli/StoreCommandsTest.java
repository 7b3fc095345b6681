// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.puna.model.Digest;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that work on the files of the store: no server answers at the port that they are given. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class StoreCommandsTest {
    private static final Terminals ALL = new Terminals(true, true, true);
    private static final Duration TWO_HOURS = Duration.ofHours(2);

    @TempDir
    Path folder;

    private Path root;
    private TestStore models;

    @BeforeEach
    void open() {
        root = folder.resolve("models");
        models = new TestStore(root);
    }

    @Test
    void an_export_becomes_a_file_only_when_it_is_whole_and_an_import_reads_it() throws IOException {
        var model = models.create("a", "weights");
        var archive = folder.resolve("a.tar");

        var exported = cli(root).run("export", "-o", archive.toString(), "a");
        assertThat(exported.exitCode()).as(exported.errors()).isZero();

        var other = folder.resolve("other");
        var imported = cli(other).run("import", archive.toString());
        assertThat(imported.errors()).doesNotContain("Error");
        assertThat(imported.output()).isEqualTo("imported 'a:latest'\n");
        assertThat(new TestStore(other).find("a").digest()).isEqualTo(model.digest());

        Files.writeString(model.modelFile(), "WEIGHTS");
        Files.writeString(archive, "of before");
        var failed = cli(root).run("export", "-o", archive.toString(), "a");
        assertThat(failed.exitCode()).isOne();
        assertThat(failed.errors()).contains("Error: model 'a:latest' is damaged");
        assertThat(archive).hasContent("of before");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("models", "other", "a.tar");
    }

    @Test
    void archives_are_neither_written_to_a_terminal_nor_read_from_one() {
        assertThat(cli(root).on(ALL).run("export", "a").errors())
                .isEqualTo("Error: an archive is nothing for a terminal: use -o FILE, or > FILE\n");
        assertThat(cli(root).on(ALL).run("import").errors())
                .isEqualTo("Error: an archive does not come from a terminal: name a FILE, or use < FILE\n");
    }

    @Test
    void what_is_not_there_is_said_in_a_sentence() {
        var nowhere = folder.resolve("nowhere");
        assertThat(cli(nowhere).run("export", "-o", "/dev/null", "a").errors())
                .isEqualTo("Error: there is no model store at %s: set PUNA_MODELS to the folder that the server uses\n"
                        .formatted(nowhere));
        assertThat(nowhere).doesNotExist();
        assertThat(cli(root).run("export", "-o", "/dev/null", "a").errors())
                .isEqualTo("Error: model 'a:latest' not found\n");
        assertThat(cli(root).run("import", nowhere.toString()).errors())
                .isEqualTo("Error: cannot read the archive from %1$s: %1$s does not exist\n".formatted(nowhere));
        assertThat(cli(root).run("import", folder.toString()).errors()).contains("is a folder: 'tar -C");
        assertThat(cli(root).run("verify", "a").errors()).isEqualTo("Error: model 'a:latest' not found\n");
    }

    @Test
    void verify_names_what_is_damaged_or_missing_and_leaves_it_alone() throws IOException {
        models.create("a", "good weights");
        var weights = models.create("b", "weights of b").modelFile();
        assertThat(cli(root).run("verify").output()).isEqualTo("a:latest: good\nb:latest: good\n");

        Files.writeString(weights, "else");
        var damaged = cli(root).run("verify");
        assertThat(damaged.exitCode()).isOne();
        assertThat(damaged.output())
                .isEqualTo("a:latest: good\nb:latest:\n  damaged: %s (application/vnd.ollama.image.model)\n"
                        .formatted(weights));
        assertThat(damaged.errors())
                .endsWith("Error: 1 model is damaged: 'puna verify --repair' gets what is bad from its registry\n");
        assertThat(cli(root).run("verify", "a").exitCode()).isZero();

        Files.delete(weights);
        assertThat(cli(root).run("verify", "b").output()).contains("  missing: " + weights);
        Files.writeString(models.manifest("b"), "{");
        assertThat(cli(root).run("verify").output()).contains("b:latest:\n  corrupt manifest ");
    }

    @Test
    void verify_has_the_server_repair_and_looks_again() throws IOException {
        var weights = models.create("a", "weights").modelFile();
        Files.writeString(weights, "damaged");
        var bodies = new ArrayList<String>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/pull", exchange -> {
            try (exchange) {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                if (bodies.size() > 1) {
                    Files.writeString(weights, "weights");
                }
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("{\"status\":\"success\"}\n".getBytes(UTF_8));
            }
        });
        server.start();
        try {
            var port = server.getAddress().getPort();

            var elsewhere = new Cli(port).with("PUNA_MODELS", root.toString()).run("verify", "--repair", "a");
            assertThat(elsewhere.exitCode()).isOne();
            assertThat(elsewhere.output()).contains("damaged: " + weights, "for another store: set PUNA_MODELS");
            assertThat(bodies.getFirst()).contains("\"repair\":[\"" + Digest.of("weights".getBytes(UTF_8)) + "\"]");

            var repaired = new Cli(port).with("PUNA_MODELS", root.toString()).run("verify", "--repair", "a");
            assertThat(repaired.exitCode()).as(repaired.errors()).isZero();
            assertThat(repaired.output()).contains("  repaired: ");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void what_no_server_can_repair_stays_and_is_said() throws IOException {
        var weights = models.create("a", "weights").modelFile();
        Files.writeString(weights, "damaged");

        var failed = cli(root).run("verify", "--repair", "a");

        assertThat(failed.exitCode()).isOne();
        assertThat(failed.output()).contains("damaged: " + weights, "; it could not be got again: could not connect");
        assertThat(failed.errors()).endsWith("Error: 1 model is damaged: pull, create or import it again\n");
        assertThat(weights).hasContent("damaged");
    }

    @Test
    void gc_removes_what_no_model_has_needed_for_an_hour() throws IOException {
        var model = models.create("a", "weights");
        TestStore.age(model.modelFile(), TWO_HOURS);
        var old = TestStore.age(place(digest("old"), "old"), TWO_HOURS);
        var young = place(digest("young"), "young");
        var other = TestStore.age(place("of-somebody-else", ""), TWO_HOURS);

        assertThat(cli(root).run("gc", "--dry-run").output())
                .isEqualTo("%s  3 B\n1 file would be removed, 3 B\n".formatted(old.getFileName()));
        assertThat(old).exists();

        assertThat(cli(root).run("gc").output())
                .isEqualTo("%s  3 B\n1 file removed, 3 B freed\n".formatted(old.getFileName()));
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(other).exists();
        assertThat(model.modelFile()).exists();
    }

    @Test
    void prune_asks_and_then_removes_what_is_younger_too_but_for_what_somebody_writes() throws IOException {
        models.create("a", "weights");
        var young = TestStore.age(place(digest("young"), "young"), Duration.ofMinutes(2));
        var part = digest("pulled");
        TestStore.age(place(part + "-pull", "pul"), Duration.ofMinutes(2));
        TestStore.age(place(part + "-pull-state", ""), Duration.ofMinutes(2));
        var now = place(digest("now"), "now");
        var before = models.blobs();

        assertThat(cli(root).run("prune").errors())
                .isEqualTo("Error: prune asks before it removes anything, and there is nobody to ask: use --force\n");
        assertThat(cli(root).on(ALL).reading("\n").run("prune").output())
                .contains("3 files would be removed, 8 B\n")
                .endsWith("Remove these? [y/N] ");
        assertThat(models.blobs()).isEqualTo(before);

        var removed = cli(root).on(ALL).reading("y\n").run("prune");
        assertThat(removed.output()).endsWith("3 files removed, 8 B freed\n");
        assertThat(young).doesNotExist();
        assertThat(now).exists();
        assertThat(cli(root).run("prune", "--force").output()).isEqualTo("0 files removed, 0 B freed\n");
    }

    @Test
    void nothing_is_removed_while_something_in_the_store_is_not_known() throws IOException {
        models.create("a", "weights");
        TestStore.age(place(digest("old"), "old"), TWO_HOURS);
        Files.createDirectory(root.resolve("manifests-v3"));
        var before = models.blobs();

        for (var command : List.of(List.of("gc"), List.of("gc", "--dry-run"), List.of("prune", "--force"))) {
            var ended = cli(root).run(command.toArray(String[]::new));
            assertThat(ended.exitCode()).isOne();
            assertThat(ended.errors()).startsWith("Error: nothing was removed: cannot tell what " + root);
        }
        assertThat(models.blobs()).isEqualTo(before);
    }

    private static Cli cli(Path store) {
        return new Cli(1).with("PUNA_MODELS", store.toString());
    }

    private static String digest(String content) {
        return Digest.of(content.getBytes(UTF_8)).fileName();
    }

    private Path place(String name, String content) throws IOException {
        return Files.writeString(root.resolve("blobs").resolve(name), content);
    }
}
