// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static dev.puna.support.NewerStore.OLD_PUBLIC;
import static dev.puna.support.NewerStore.PUBLIC;
import static dev.puna.support.NewerStore.kept;
import static dev.puna.support.NewerStore.list;
import static dev.puna.support.NewerStore.reference;
import static dev.puna.support.NewerStore.runner;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.support.NewerStore;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made, copied, deleted and cleared away in a folder that an Ollama of 0.40 and later uses; addendum 1.3, 1.6, 1.7, 1.9. */
class NewerLayoutChangesTest {
    private static final Digest ABSENT = Digest.parse("sha256:" + "e".repeat(64));

    @TempDir
    Path folder;

    private NewerStore made;
    private TestStore models;
    private ModelStore store;

    @BeforeEach
    void open() {
        made = new NewerStore(folder);
        models = new TestStore(folder);
        store = models.store();
    }

    @Test
    void a_new_model_is_a_document_and_a_relative_link_to_it(@TempDir Path elsewhere) throws IOException {
        models.create("a", "weights");

        var tag = folder.resolve(PUBLIC + "a/latest");
        assertThat(Files.readSymbolicLink(tag))
                .isRelative()
                .hasFileName(models.find("a").digest().fileName());
        assertThat(Files.readString(tag)).endsWith(",\"runner\":\"llamacpp\",\"format\":\"gguf\"}\n");
        assertThat(folder.resolve("manifests")).doesNotExist();
        Files.move(folder.resolve("manifests-v2"), elsewhere.resolve("manifests-v2"));
        Files.move(folder.resolve("blobs"), elsewhere.resolve("blobs"));
        assertThat(new TestStore(elsewhere).find("a").modelFile()).hasContent("weights");
    }

    @Test
    void a_folder_of_the_older_layout_stays_one(@TempDir Path older) throws IOException {
        var old = new TestStore(older);
        old.create("a", "weights");

        assertThat(older.resolve("manifests-v2")).doesNotExist();
        assertThat(Files.readString(old.manifest("a"))).doesNotContain("runner");
        assertThat(old.blobs()).hasSize(2);
    }

    @Test
    void folders_that_are_links_to_another_disk_are_linked_across(@TempDir Path elsewhere) throws IOException {
        Files.delete(folder.resolve("manifests-v2"));
        Files.createSymbolicLink(folder.resolve("manifests-v2"), Files.createDirectories(elsewhere.resolve("deep/er")));

        var opened = new TestStore(folder);
        opened.create("a", "weights");

        assertThat(opened.find("a").modelFile()).hasContent("weights");
        assertThat(elsewhere.resolve("deep/er/ollama.com/library/a/latest")).isSymbolicLink();
    }

    @Test
    void a_new_model_takes_the_place_of_the_old_tags_in_both_spellings() {
        made.file(OLD_PUBLIC + "a/latest", made.manifest("old", ""));
        made.file("manifests/ollama.com/library/a/latest", made.manifest("older", ""));
        made.tag(PUBLIC + "b/latest", made.manifest("b", ""));

        models.create("A", "new");

        assertThat(models.names()).containsExactlyInAnyOrder("a:latest", "b:latest");
        assertThat(models.find("a").modelFile()).hasContent("new");
        assertThat(folder.resolve("manifests/registry.ollama.ai")).doesNotExist();
        assertThat(folder.resolve("manifests/ollama.com")).doesNotExist();
        assertThat(store.contains(digest("old"))).isFalse();
        assertThat(store.contains(digest("older"))).isFalse();
        assertThat(store.contains(digest("b"))).isTrue();
    }

    @Test
    void a_host_with_a_port_is_spelt_for_every_system() {
        models.create("host.example:8080/space/a", "weights");

        assertThat(folder.resolve("manifests-v2/host.example%3A8080/space/a/latest"))
                .isSymbolicLink();
        assertThat(models.names()).containsExactly("host.example:8080/space/a:latest");
    }

    @Test
    void a_derived_model_keeps_the_runner_of_its_parent() {
        made.tag(PUBLIC + "parent/latest", made.manifest("weights", ""));

        models.derive("child", "parent", draft -> draft.system("new"));

        assertThat(models.find("child").manifest().runner()).isEqualTo("ggml");
    }

    @Test
    void a_copy_is_the_same_document() {
        made.file(OLD_PUBLIC + "a/latest", made.manifest("weights", ""));
        var before = models.find("a").digest();

        assertThat(store.copy(ModelName.parse("a"), ModelName.parse("b"))).isPresent();

        assertThat(models.find("b").digest()).isEqualTo(before);
        assertThat(folder.resolve(PUBLIC + "b/latest")).isSymbolicLink();
        assertThat(folder.resolve(OLD_PUBLIC + "a/latest")).exists();
    }

    @Test
    void a_copy_of_a_list_leaves_out_what_is_not_here() throws IOException {
        var ggml = made.blob(made.manifest("weights", runner("ggml")));
        made.tag(PUBLIC + "a/latest", list(reference(ABSENT, "mlx"), reference(ggml, "ggml")));
        var whole = made.tag(PUBLIC + "whole/latest", list(reference(ggml, "ggml")));
        made.tag(PUBLIC + "none/latest", list(reference(ABSENT, "mlx"), reference(ABSENT, "llamacpp")));

        var copied = store.copy(ModelName.parse("a"), ModelName.parse("b")).orElseThrow();
        assertThat(copied.left()).containsExactly("mlx");
        assertThat(copied.kept()).containsExactly("ggml");
        assertThat(Files.readString(folder.resolve(PUBLIC + "b/latest"))).isEqualTo(list(reference(ggml, "ggml")));

        store.copy(ModelName.parse("whole"), ModelName.parse("c"));
        assertThat(Files.readSymbolicLink(folder.resolve(PUBLIC + "c/latest"))).hasFileName(whole.fileName());

        assertThatThrownBy(() -> store.copy(ModelName.parse("none"), ModelName.parse("d")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("no compatible manifest found: pull one of mlx, llamacpp before copying");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "ollama.com/library/a"})
    void a_deleted_model_does_not_come_back(String name) {
        var child = made.blob(made.manifest("weights", runner("llamacpp")));
        var list = made.tag(PUBLIC + "a/latest", list(reference(child, "llamacpp")));
        made.file(
                OLD_PUBLIC + "a/latest",
                made.manifest("weights", kept(MediaTypes.MANIFEST_LIST, list) + kept(MediaTypes.MANIFEST, child), ""));
        made.file("manifests/ollama.com/library/a/latest", made.manifest("older", ""));
        made.tag(PUBLIC + "b/latest", made.manifest("b", ""));

        assertThat(store.delete(ModelName.parse(name))).isTrue();

        assertThat(models.names()).containsExactly("b:latest");
        assertThat(models.blobs()).hasSize(3);
        assertThat(models.find("b").modelFile()).hasContent("b");
    }

    @Test
    void a_deleted_manifest_leaves_its_lists_and_takes_its_tags() {
        var ggml = made.blob(made.manifest("ggml", runner("ggml")));
        var plain = made.blob(made.manifest("plain", runner("llamacpp")));
        made.tag(PUBLIC + "a/latest", list(reference(ggml, "ggml"), reference(plain, "llamacpp")));
        made.tag(PUBLIC + "only/latest", list(reference(plain, "llamacpp"), reference(ABSENT, "mlx")));
        made.link(PUBLIC + "tag/latest", "../../../../blobs/" + plain.fileName());

        assertThat(store.delete(ModelName.parse(NewerStore.shortName(plain)))).isTrue();

        assertThat(models.names()).containsExactly("a:latest");
        assertThat(models.find("a").modelFile()).hasContent("ggml");
        assertThat(store.contains(digest("plain"))).isFalse();
        assertThat(store.contains(plain)).isFalse();
    }

    @Test
    void everything_that_any_tag_needs_is_kept_and_the_rest_goes() {
        var ggml = made.blob(made.manifest("ggml", runner("ggml")));
        var list = made.tag(PUBLIC + "list/latest", list(reference(ggml, "ggml"), reference(ABSENT, "mlx")));
        made.tag(PUBLIC + "plain/latest", made.manifest("plain", ""));
        made.file(PUBLIC + "copy/latest", made.manifest("copy", ""));
        made.file(OLD_PUBLIC + "plain/latest", made.manifest("hidden", ""));
        made.file(OLD_PUBLIC + "list/latest", made.manifest("ggml", kept(MediaTypes.MANIFEST_LIST, list), ""));
        made.file("metadata/sha256-" + ABSENT.hex() + ".json", "{}");
        var before = models.blobs();
        made.blob("nobody needs this");

        assertThat(new TestStore(folder).store().prune()).isEqualTo(1);

        assertThat(models.blobs()).isEqualTo(before);
        assertThat(folder.resolve("metadata/sha256-" + ABSENT.hex() + ".json")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "link|" + PUBLIC
                        + "x/latest|../../../../blobs/sha256-0000000000000000000000000000000000000000000000000000000000000000",
                "link|" + PUBLIC + "x/latest|/etc/hostname",
                "link|" + PUBLIC + "x|a",
                "link|manifests-v2/host.example|ollama.com",
                "link|manifests-v2/ollama.com/x|library",
                "link|" + OLD_PUBLIC + "x/latest|../../../../manifests-v2/ollama.com/library/a/latest",
                "file|" + PUBLIC + "x/latest|{\"schemaVersion\":3}",
                "file|" + PUBLIC + "x/latest~|DOCUMENT",
                "file|" + PUBLIC + "x y/latest|DOCUMENT",
                "file|" + PUBLIC + "latest|DOCUMENT",
                "file|" + PUBLIC + "x/latest/deeper|DOCUMENT",
                "file|manifests-v2/host%3Bexample/library/x/latest|DOCUMENT",
                "file|metadata/sha256-short|x",
                "file|metadata/deeper/file|x",
                "file|manifests-v3/a|x",
                "file|blobs/store.lock|x",
            })
    void nothing_goes_while_anything_is_not_known_wholly(String kind, String place, String content) throws IOException {
        made.tag(PUBLIC + "a/latest", made.manifest("a", ""));
        made.tag(PUBLIC + "gone/latest", made.manifest("gone", ""));
        made.tag(PUBLIC + "replaced/latest", made.manifest("replaced", ""));
        made.blob("somebody may need this");
        if (kind.equals("link")) {
            made.link(place, content);
        } else {
            made.file(place, content.replace("DOCUMENT", made.manifest("strange", "")));
        }
        var before = models.blobs();

        var opened = new TestStore(folder);
        assertThat(opened.store().prune()).isZero();
        assertThat(opened.store().delete(ModelName.parse("gone"))).isTrue();
        opened.create("replaced", "other");
        opened.store().copy(ModelName.parse("a"), ModelName.parse("replaced"));
        assertThat(opened.store().prune()).isZero();

        assertThat(opened.blobs()).containsAll(before);
        assertThat(Files.exists(folder.resolve(place), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifests", "manifests-v2"})
    void a_folder_of_tags_that_turns_up_as_a_link_while_the_server_runs_counts(String name, @TempDir Path elsewhere)
            throws IOException {
        made.tag(PUBLIC + "a/latest", made.manifest("a", ""));
        made.file(OLD_PUBLIC + "b/latest", made.manifest("b", ""));
        Files.move(folder.resolve(name), elsewhere.resolve(name));
        var opened = ModelStore.open(folder);
        Files.createSymbolicLink(folder.resolve(name), elsewhere.resolve(name));
        var before = models.blobs();

        assertThat(opened.prune()).isZero();

        assertThat(models.blobs()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256-0123-partial", ".ollama-split-0123456789ab-7", "sha256-4711"})
    void nothing_goes_while_another_server_is_at_work(String file) throws IOException {
        made.tag(PUBLIC + "a/latest", made.manifest("a", ""));
        made.blob("somebody may need this");
        var work = Files.writeString(folder.resolve("blobs").resolve(file), "");

        assertThat(store.prune()).isZero();

        TestStore.age(work, Duration.ofDays(1));
        assertThat(store.prune()).isEqualTo(1);
        assertThat(work).exists();
    }

    @Test
    void a_tag_that_another_server_has_begun_to_write_keeps_everything_for_an_hour() throws IOException {
        made.tag(PUBLIC + "a/latest", made.manifest("a", ""));
        made.blob("somebody may need this");
        var begun = Files.writeString(folder.resolve(PUBLIC + "a/.manifest-1"), "");

        assertThat(models.names()).containsExactly("a:latest");
        assertThat(store.prune()).isZero();

        TestStore.age(begun, Duration.ofDays(1));
        assertThat(store.prune()).isEqualTo(1);
        assertThat(begun).exists();
    }

    private static Digest digest(String content) {
        return Digest.of(content.getBytes(UTF_8));
    }

    /** Expected text by hand from the addendum, 1.6. */
    @Test
    void a_pulled_manifest_has_an_anchor_in_the_old_folder_that_keeps_its_document() throws IOException {
        var document = made.manifest("weights", runner("llamacpp"));
        var digest = made.blob(document);

        store.install(ModelName.parse("a"), document.getBytes(UTF_8), "");

        assertThat(folder.resolve(PUBLIC + "a/latest")).isSymbolicLink().hasContent(document);
        var layer = "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(MediaTypes.MANIFEST, digest, document.length());
        assertThat(Files.readString(folder.resolve(OLD_PUBLIC + "a/latest")))
                .isEqualTo(document.replace("]" + runner("llamacpp"), "," + layer + "]" + runner("llamacpp")));
        assertThat(models.find("a").digest()).isEqualTo(digest);
        assertThat(store.list()).hasSize(1);
        assertThat(store.prune()).isZero();
    }

    @Test
    void the_anchor_of_a_list_describes_the_manifest_that_was_pulled_and_keeps_both_documents() throws IOException {
        var plain = made.manifest("plain", runner("llamacpp"));
        var older = made.manifest("older", "");
        var document = list(reference(made.blob(plain), "llamacpp"), reference(made.blob(older), "ggml"));

        store.install(ModelName.parse("a"), document.getBytes(UTF_8), "ggml");

        var anchor = Files.readString(folder.resolve(OLD_PUBLIC + "a/latest"));
        assertThat(anchor)
                .contains(Digest.of("older".getBytes(UTF_8)).text())
                .doesNotContain(Digest.of("plain".getBytes(UTF_8)).text())
                .endsWith(runner("ggml") + "}");
        assertThat(anchor.indexOf(MediaTypes.MANIFEST_LIST)).isPositive();
        assertThat(anchor.indexOf(Digest.of(older.getBytes(UTF_8)).text()))
                .isGreaterThan(anchor.indexOf(MediaTypes.MANIFEST_LIST));
    }

    @Test
    void an_anchor_goes_with_its_tag() {
        var document = made.manifest("weights", runner("llamacpp"));
        store.install(ModelName.parse("a"), document.getBytes(UTF_8), "");

        assertThat(store.delete(ModelName.parse("a"))).isTrue();

        assertThat(folder.resolve(OLD_PUBLIC)).doesNotExist();
        assertThat(models.blobs()).isEmpty();
    }

    @Test
    void a_model_is_pulled_even_where_no_anchor_can_be_written() throws IOException {
        Files.writeString(folder.resolve("manifests"), "no folder");
        var document = made.manifest("weights", runner("llamacpp"));

        store.install(ModelName.parse("a"), document.getBytes(UTF_8), "");

        assertThat(models.find("a").modelFile()).hasContent("weights");
    }
}
