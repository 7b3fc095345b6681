// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.model.StoredMessage;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders as people and other programs leave them; contract 3.3 and 9.2. */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedStoreTest {
    private static final String HEX = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @TempDir
    Path folder;

    private TestStore models;
    private ModelStore store;

    @BeforeEach
    void open() {
        models = new TestStore(folder);
        store = models.store();
        models.create("good", "weights");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "{",
                "null",
                "[]",
                "7",
                "{}",
                "{\"layers\":[]}",
                "{\"config\":{\"digest\":\"sha256:1\",\"size\":1},\"layers\":[]}",
                "{\"config\":{\"digest\":\"\",\"size\":1},\"layers\":[]}",
                "{\"config\":{\"digest\":\"sha256:../../../../etc/passwd\",\"size\":1},\"layers\":[]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX + "\",\"size\":-1},\"layers\":[]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX + "\",\"size\":1e400},\"layers\":[]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX + "\",\"size\":99999999999999999999},\"layers\":[]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX + "\",\"size\":\"1\"},\"layers\":[]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX + "\",\"size\":1},\"layers\":[{}]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX + "\",\"size\":1},\"layers\":[null]}",
                "{\"config\":{\"digest\":\"sha256:" + HEX
                        + "\",\"size\":1},\"layers\":[{\"digest\":\"sha256:..\",\"size\":1}]}"
            })
    void a_corrupt_manifest_hides_no_other_model_and_says_where_it_is(String content) throws IOException {
        var file = writeManifest("bad", content);

        assertThat(models.names()).containsExactly("good:latest");
        assertThatThrownBy(() -> models.find("bad"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("corrupt manifest " + file)
                .message()
                .doesNotContainIgnoringCase("unexpected")
                .doesNotContain("jackson", "Json", "token");
        assertThat(models.find("good").modelFile()).hasContent("weights");
    }

    @Test
    void a_corrupt_manifest_can_be_deleted_and_replaced() throws IOException {
        writeManifest("bad", "not JSON");
        writeManifest("worse", "not JSON");

        assertThat(store.delete(ModelName.parse("bad"))).isTrue();
        models.create("worse", "weights");

        assertThat(models.names()).containsExactlyInAnyOrder("good:latest", "worse:latest");
    }

    @Test
    void while_a_manifest_is_corrupt_no_blob_is_deleted_that_it_might_name() throws IOException {
        writeManifest("bad", "not JSON");
        var unknown = TestStore.age(store.path(models.blob("who needs me?")), Duration.ofDays(1));

        assertThat(store.delete(ModelName.parse("good"))).isTrue();
        assertThat(store.prune()).isZero();

        assertThat(models.blobs()).contains(digest("weights").fileName());
        assertThat(unknown).exists();
    }

    @Test
    void a_manifest_as_deep_as_a_well_is_corrupt() throws IOException {
        writeManifest("bad", "{\"config\":" + "[".repeat(1_000_000));

        assertThat(models.names()).containsExactly("good:latest");
    }

    @Test
    void a_manifest_of_many_megabytes_is_not_read() throws IOException {
        writeManifest("bad", " ".repeat(5 << 20));

        assertThatThrownBy(() -> models.find("bad"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void unknown_fields_are_tolerated_and_pulled_bytes_are_kept() {
        var config =
                "{\"model_format\":\"gguf\",\"model_family\":\"llama\",\"rootfs\":{\"type\":\"layers\"},\"new\":[1]}";
        var layer = models.find("good").manifest().layers().getFirst();
        var manifest =
                """
                { "schemaVersion": 2, "annotations": {"a": 1},
                  "layers": [ {"digest": "%s", "size": %d, "mediaType": "%s", "urls": []} ],
                  "config": {"size": %d, "digest": "%s", "mediaType": "x", "extra": null} }
                """.formatted(layer.digest(), layer.size(), layer.mediaType(), config.length(), models.blob(config));

        store.install(ModelName.parse("pulled"), manifest.getBytes(UTF_8), "");

        var pulled = models.find("pulled");
        assertThat(models.manifest("pulled")).hasContent(manifest);
        assertThat(pulled.digest()).isEqualTo(digest(manifest));
        assertThat(pulled.config().modelFamily()).isEqualTo("llama");
        assertThat(pulled.config().architecture()).isEmpty();
        assertThat(pulled.modelFile()).hasContent("weights");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "\"\"", "{", "null", "[[[["})
    void a_corrupt_configuration_hides_no_other_model(String content) throws IOException {
        models.create("bad", "weights", draft -> draft.parser("some-parser"));
        Files.writeString(store.path(models.find("bad").manifest().config().digest()), content);

        assertThat(models.names()).containsExactly("good:latest");
        assertThatThrownBy(() -> models.find("bad"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("corrupt configuration");
    }

    @Test
    void corrupt_parameters_and_messages_are_named() throws IOException {
        var model = models.create("bad", "weights", draft -> {
            draft.parameters(Map.of("top_k", 1L));
            draft.messages(List.of(new StoredMessage("user", "Hi")));
        });
        for (var layer : model.manifest().layers().subList(1, 3)) {
            Files.writeString(store.path(layer.digest()), "{");
        }

        assertThatThrownBy(model::parameters)
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("corrupt parameters");
        assertThatThrownBy(model::messages).isInstanceOf(StoreFailure.class).hasMessageContaining("corrupt messages");
    }

    @Test
    void files_and_folders_in_the_wrong_places_are_passed_over() throws IOException {
        var manifests = folder.resolve("manifests");
        Files.writeString(manifests.resolve("stray"), "x");
        Files.writeString(Files.createDirectories(manifests.resolve("host/ns")).resolve("stray"), "x");
        Files.createDirectories(manifests.resolve("host/ns/model/tag-that-is-a-folder"));
        Files.writeString(
                Files.createDirectories(manifests.resolve("..odd/ns/model")).resolve("tag"), "x");
        Files.writeString(
                Files.createDirectories(manifests.resolve("host/ns/model")).resolve(".hidden"), "x");
        Files.writeString(folder.resolve("blobs/not-a-digest"), "x");
        Files.createDirectories(folder.resolve("blobs/sha256-" + HEX));

        assertThat(models.names()).containsExactly("good:latest");
        assertThat(store.contains(Digest.parse("sha256:" + HEX))).isFalse();
        assertThat(store.prune()).isZero();
    }

    @Test
    void a_file_where_a_folder_must_be_is_named() throws IOException {
        var host = folder.resolve("manifests/host.example");
        Files.writeString(host, "x");

        assertThatThrownBy(() -> models.create("host.example/ns/model", "weights"))
                .isInstanceOf(StoreFailure.class)
                .hasMessage("not a directory: " + host);
        assertThat(models.names()).containsExactly("good:latest");
    }

    @Test
    void links_and_fifos_among_the_manifests_are_passed_over_without_waiting() throws Exception {
        var target = models.manifest("good");
        Files.createSymbolicLink(target.resolveSibling("link"), target);
        fifo(target.resolveSibling("fifo"));
        Files.createSymbolicLink(folder.resolve("manifests/loop"), folder);

        assertThat(models.names()).containsExactly("good:latest");
        assertThat(store.find(ModelName.parse("good:fifo"))).isEmpty();
        assertThat(store.find(ModelName.parse("good:link"))).isEmpty();
        assertThat(store.delete(ModelName.parse("good:fifo"))).isFalse();
    }

    @Test
    void fifos_and_links_to_something_else_among_the_blobs_are_never_read() throws Exception {
        models.create("fifo", "a", draft -> draft.system("becomes a FIFO"));
        models.create("link", "b", draft -> draft.system("becomes a link"));
        Files.delete(store.path(digest("becomes a FIFO")));
        fifo(store.path(digest("becomes a FIFO")));
        Files.delete(store.path(digest("becomes a link")));
        Files.createSymbolicLink(store.path(digest("becomes a link")), Path.of("/etc/hostname"));

        assertThat(store.contains(digest("becomes a FIFO"))).isFalse();
        assertThatThrownBy(() -> models.find("fifo").system())
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> models.find("link").system())
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("not what its name says");
        assertThat(models.names()).hasSize(3);
        assertThat(store.prune()).isZero();
    }

    @Test
    void an_upload_replaces_a_fifo_of_its_name() throws Exception {
        var hello = digest("hello");
        fifo(store.path(hello));

        models.blob("hello");

        assertThat(store.path(hello)).isRegularFile().hasContent("hello");
    }

    @Test
    void whole_folders_may_be_links_to_another_disk(@TempDir Path elsewhere) throws IOException {
        for (var name : List.of("blobs", "manifests")) {
            Files.move(folder.resolve(name), elsewhere.resolve(name));
            Files.createSymbolicLink(folder.resolve(name), elsewhere.resolve(name));
        }

        var moved = new TestStore(folder);
        moved.create("another", "weights");

        assertThat(moved.names()).containsExactlyInAnyOrder("good:latest", "another:latest");
        assertThat(elsewhere.resolve("blobs").resolve(digest("weights").fileName()))
                .hasContent("weights");
    }

    @Test
    void a_blob_that_is_not_what_its_name_says_is_not_taken_for_the_content_of_a_layer() throws IOException {
        Files.writeString(store.path(digest("be brief")), "be bad!!");

        var model = models.create("a", "weights", draft -> draft.system("be brief"));

        assertThat(model.system()).contains("be brief");
    }

    private Path writeManifest(String name, String content) throws IOException {
        var file = models.manifest(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static void fifo(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
    }

    private static Digest digest(String content) {
        return Digest.of(content.getBytes(UTF_8));
    }
}
