// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cleared away at the start of a server; contract 3.3. */
class PruneTest {
    private static final Duration LONG_AGO = Duration.ofMinutes(61);
    private static final Duration JUST_NOW = Duration.ofMinutes(59);

    @TempDir
    Path folder;

    private TestStore models;
    private ModelStore store;

    @BeforeEach
    void open() {
        models = new TestStore(folder);
        store = models.store();
    }

    @Test
    void blobs_that_no_model_needs_go_after_an_hour() throws IOException {
        models.create("a", "needed");
        TestStore.age(store.path(digest("needed")), LONG_AGO);
        var old = TestStore.age(place("old"), LONG_AGO);
        var young = TestStore.age(place("young"), JUST_NOW);

        assertThat(store.prune()).isEqualTo(1);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(models.find("a").modelFile()).hasContent("needed");
    }

    @Test
    void own_unfinished_files_go_with_their_process_or_after_an_hour_and_those_of_others_stay() throws IOException {
        models.create("a", "weights");
        var blobs = folder.resolve("blobs");
        var manifests = folder.resolve("manifests");
        var name = digest("x").fileName();
        var others = List.of(
                name + "-partial", name + "-partial-0", "readme", digest("y").text(), name + "-unfinished-1");
        for (var other : others) {
            TestStore.age(Files.writeString(blobs.resolve(other), ""), LONG_AGO);
        }
        TestStore.age(Files.writeString(blobs.resolve(name + "-unfinished-0123456789abcdef"), ""), LONG_AGO);
        TestStore.age(Files.writeString(blobs.resolve("unnamed-unfinished-0123456789abcdef"), ""), LONG_AGO);
        TestStore.age(Files.writeString(manifests.resolve(".unfinished-0123456789abcdef"), ""), LONG_AGO);
        Files.writeString(blobs.resolve(name + "-unfinished-fedcba9876543210"), "of a process that was killed");
        try (var upload = store.beginUpload(digest("z"))) {
            assertThat(store.prune()).isEqualTo(3);

            assertThat(models.blobs()).hasSize(2 + others.size() + 1).containsAll(others);
            assertThat(upload.path()).exists();
        }
        assertThat(manifests.resolve(".unfinished-0123456789abcdef")).doesNotExist();
    }

    @Test
    void folders_without_a_manifest_go_after_an_hour() throws IOException {
        models.create("a", "weights");
        for (var old : List.of("host/ns/model", "host/ns", "host", "registry.ollama.ai/library/empty")) {
            TestStore.age(Files.createDirectories(folder.resolve("manifests").resolve(old)), LONG_AGO);
        }
        TestStore.age(folder.resolve("manifests/host/ns"), LONG_AGO);
        TestStore.age(folder.resolve("manifests/host"), LONG_AGO);
        Files.createDirectories(folder.resolve("manifests/host2/ns"));

        store.prune();

        assertThat(folder.resolve("manifests/host")).doesNotExist();
        assertThat(folder.resolve("manifests/host2/ns")).exists();
        assertThat(folder.resolve("manifests/registry.ollama.ai/library/empty")).doesNotExist();
        assertThat(models.names()).containsExactly("a:latest");
    }

    @Test
    void blobs_of_old_servers_get_the_names_of_today() throws IOException {
        models.create("a", "weights");
        var blobs = folder.resolve("blobs");
        var today = store.path(digest("weights"));
        Files.move(today, blobs.resolve(digest("weights").text()));
        Files.writeString(blobs.resolve("sha256:short"), "x");

        var reopened = new TestStore(folder);

        assertThat(reopened.find("a").modelFile()).isEqualTo(today).hasContent("weights");
        assertThat(blobs.resolve("sha256:short")).exists();
    }

    @Test
    void an_old_name_stays_when_the_blob_is_there_under_the_name_of_today() throws IOException {
        models.create("a", "weights");
        var old = Files.writeString(
                folder.resolve("blobs").resolve(digest("weights").text()), "weights");

        var reopened = new TestStore(folder);

        assertThat(old).hasContent("weights");
        assertThat(reopened.find("a").modelFile()).hasContent("weights");
    }

    private Path place(String content) throws IOException {
        return Files.writeString(
                Files.createDirectories(folder.resolve("blobs"))
                        .resolve(digest(content).fileName()),
                content);
    }

    private static Digest digest(String content) {
        return Digest.of(content.getBytes(UTF_8));
    }
}
