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
import dev.puna.failure.NotFound;
import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.support.NewerStore;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that an Ollama of 0.40 and later has left, read; addendum 1.1 to 1.6 and 3.8. */
class NewerLayoutTest {
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
    void a_tag_is_a_link_to_a_document_among_the_blobs() {
        var digest = made.tag(PUBLIC + "a/latest", made.manifest("weights", runner("llamacpp")));

        var model = models.find("a");

        assertThat(models.names()).containsExactly("a:latest");
        assertThat(model.digest()).isEqualTo(digest);
        assertThat(model.modelFile()).hasContent("weights");
        assertThat(model.runner()).isEqualTo("llamacpp");
    }

    @Test
    void a_tag_is_a_copy_of_its_document() {
        var document = made.manifest("weights", "");
        made.file(PUBLIC + "a/latest", document);

        assertThat(models.names()).containsExactly("a:latest");
        assertThat(models.find("a").digest()).isEqualTo(Digest.of(document.getBytes(UTF_8)));
    }

    @Test
    void a_manifest_that_names_no_runner_has_one_by_its_configuration() {
        made.tag(PUBLIC + "a/latest", made.manifest("weights", ""));

        assertThat(models.find("a").runner()).isEqualTo("ggml");
    }

    @Test
    void both_spellings_of_the_public_host_are_one_and_other_hosts_have_their_ports() {
        made.tag(PUBLIC + "a/latest", made.manifest("a", ""));
        made.tag("manifests-v2/host.example%3A8080/space/b/latest", made.manifest("b", ""));
        made.file("manifests/ollama.com/library/c/latest", made.manifest("c", ""));
        made.file(OLD_PUBLIC + "d/latest", made.manifest("d", ""));

        assertThat(models.names())
                .containsExactlyInAnyOrder("a:latest", "host.example:8080/space/b:latest", "c:latest", "d:latest");
        for (var name :
                List.of("c", "d", "A", "ollama.com/library/a", "OLLAMA.com/library/d", "host.example:8080/space/b")) {
            assertThat(store.find(ModelName.parse(name))).as(name).isPresent();
        }
    }

    @Test
    void of_two_spellings_of_the_public_host_the_usual_one_counts() {
        made.file("manifests/ollama.com/library/a/latest", made.manifest("other", ""));
        made.file(OLD_PUBLIC + "a/latest", made.manifest("usual", ""));

        assertThat(store.list()).singleElement().satisfies(model -> assertThat(model.modelFile())
                .hasContent("usual"));
        assertThat(models.find("a").modelFile()).hasContent("usual");
    }

    @Test
    void a_model_for_mlx_is_listed_but_neither_run_nor_made_into_another() {
        made.tag(
                PUBLIC + "a/latest",
                made.manifest("weights", ",\"runner\":\"mlx\",\"format\":\"safetensors\"")
                        .replace("image.model", "image.tensor"));

        assertThat(models.names()).containsExactly("a:latest");
        assertThatThrownBy(() -> models.find("a").modelFile())
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("tensors for MLX");
        assertThatThrownBy(() -> models.derive("b", "a", draft -> {}))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("tensors for MLX");
    }

    @Test
    void a_newer_tag_hides_the_older_one_of_its_name() {
        made.tag(PUBLIC + "a/latest", made.manifest("new", ""));
        made.file(OLD_PUBLIC + "a/latest", made.manifest("old", ""));

        assertThat(models.names()).containsExactly("a:latest");
        assertThat(models.find("a").modelFile()).hasContent("new");
    }

    @Test
    void behind_a_link_that_leads_nowhere_is_the_older_tag() {
        made.link(PUBLIC + "a/latest", "../../../../blobs/" + ABSENT.fileName());
        made.link(PUBLIC + "b/latest", "../../../../blobs/" + ABSENT.fileName());
        made.file(OLD_PUBLIC + "a/latest", made.manifest("old", ""));

        assertThat(models.find("a").modelFile()).hasContent("old");
        assertThat(store.find(ModelName.parse("b"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/hostname", "../../../../secret", "../../../../blobs/sha256-short", "../b/latest"})
    void a_link_to_anything_but_a_blob_is_never_read(String target) throws IOException {
        Files.writeString(folder.resolve("secret"), made.manifest("weights", ""));
        Files.writeString(folder.resolve("blobs/sha256-short"), made.manifest("weights", ""));
        made.file(PUBLIC + "b/latest", made.manifest("weights", ""));
        made.link(PUBLIC + "a/latest", target);

        assertThat(models.names()).containsExactly("b:latest");
        assertThatThrownBy(() -> models.find("a"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("is not a sha256 blob");
    }

    @Test
    void a_link_to_a_blob_of_another_store_is_never_read(@TempDir Path elsewhere) {
        var document = made.manifest("weights", "");
        var digest = new NewerStore(elsewhere).blob(document);
        made.link(
                PUBLIC + "a/latest",
                elsewhere.resolve("blobs").resolve(digest.fileName()).toString());

        assertThatThrownBy(() -> models.find("a"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("does not match blob");
    }

    @Test
    void a_document_that_is_not_what_its_name_says_is_not_believed() throws IOException {
        var digest = made.tag(PUBLIC + "a/latest", made.manifest("weights", ""));
        Files.writeString(store.path(digest), made.manifest("other weights", ""));

        assertThat(models.names()).isEmpty();
        assertThatThrownBy(() -> models.find("a"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("digest mismatch");
    }

    @Test
    void of_a_list_the_manifest_that_runs_best_is_taken() {
        var ggml = made.blob(made.manifest("ggml weights", runner("ggml")));
        var plain = made.blob(made.manifest("plain weights", runner("llamacpp")));
        made.tag(
                PUBLIC + "a/latest",
                list(reference(ABSENT, "mlx"), reference(ggml, "ggml"), reference(plain, "llamacpp")));

        var model = models.find("a");

        assertThat(model.modelFile()).hasContent("plain weights");
        assertThat(model.digest()).isEqualTo(plain);
        assertThat(model.runner()).isEqualTo("llamacpp");
        assertThat(model.variants()).extracting(InstalledModel.Variant::runner).containsExactly("ggml", "llamacpp");
        assertThat(models.names()).containsExactly("a:latest");
        assertThat(store.find(ModelName.parse("a"), "ggml").orElseThrow().modelFile())
                .hasContent("ggml weights");
        assertThatThrownBy(() -> store.find(ModelName.parse("a"), "mlx"))
                .isInstanceOf(NotFound.class)
                .hasMessage("no compatible manifest found for runners: mlx");
    }

    @Test
    void of_a_list_only_what_is_here_is_taken() {
        var ggml = made.blob(made.manifest("ggml weights", ""));
        made.tag(PUBLIC + "a/latest", list(reference(ABSENT, "llamacpp"), reference(ggml, " GGML ")));
        made.tag(PUBLIC + "none/latest", list(reference(ABSENT, "llamacpp")));

        assertThat(models.find("a").modelFile()).hasContent("ggml weights");
        assertThatThrownBy(() -> models.find("none"))
                .isInstanceOf(NotFound.class)
                .hasMessage("no compatible manifest found for runners: llamacpp, ggml, mlx");
    }

    @Test
    void a_list_can_hold_its_manifests_itself() {
        var document = made.manifest("weights", runner("llamacpp"));
        made.tag(PUBLIC + "a/latest", list(document.replace("{\"schemaVersion\":2,", "{ \"schemaVersion\" : 2, ")));

        assertThat(models.find("a").modelFile()).hasContent("weights");
        assertThat(models.find("a").digest()).isEqualTo(Digest.of(document.getBytes(UTF_8)));
    }

    @Test
    void lists_within_lists_are_refused() {
        var inner = made.blob(list(reference(made.blob(made.manifest("weights", "")), "ggml")));
        made.tag(
                PUBLIC + "a/latest",
                list(reference(inner, "ggml").replace(MediaTypes.MANIFEST, MediaTypes.MANIFEST_LIST)));

        assertThatThrownBy(() -> models.find("a"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("nested manifest lists are not supported");
    }

    @Test
    void a_plain_manifest_is_not_for_another_runner() {
        made.tag(PUBLIC + "a/latest", made.manifest("weights", runner("llamacpp")));

        assertThat(store.find(ModelName.parse("a"), "llamacpp")).isPresent();
        assertThatThrownBy(() -> store.find(ModelName.parse("a"), "ggml"))
                .hasMessage("no compatible manifest found for runners: ggml");
    }

    @Test
    void layers_that_only_keep_documents_are_no_part_of_the_model() {
        var list = made.blob(list(reference(made.blob(made.manifest("w", runner("ggml"))), "ggml")));
        made.file(OLD_PUBLIC + "a/latest", made.manifest("w", kept(MediaTypes.MANIFEST_LIST, list), ""));

        var model = models.find("a");

        assertThat(model.size()).isEqualTo(1 + sizeOf(model.manifest().config().digest()));
        models.derive("derived", "a", draft -> draft.system("new"));
        assertThat(models.find("derived").manifest().layers(MediaTypes.MANIFEST_LIST))
                .isEmpty();
    }

    private long sizeOf(Digest digest) {
        return store.sizeOf(digest);
    }

    @Test
    void tags_that_only_keep_converted_weights_are_not_shown() {
        var document = made.manifest("weights", runner("llamacpp"));
        var digest = Digest.of(document.getBytes(UTF_8));
        made.file(OLD_PUBLIC + "llamacpp/" + digest.hex(), document);
        made.file(OLD_PUBLIC + "llamacpp/latest", document);

        assertThat(models.names()).containsExactly("llamacpp:latest");
    }

    @Test
    void a_digest_is_a_name() {
        var one = made.tag(PUBLIC + "a/latest", made.manifest("weights", runner("llamacpp")));
        var child = made.blob(made.manifest("child weights", runner("ggml")));
        made.tag(PUBLIC + "b/latest", list(reference(child, "ggml")));

        for (var name : List.of(
                one.fileName(),
                one.text(),
                one.hex(),
                NewerStore.shortName(one),
                one.hex().toUpperCase(java.util.Locale.ROOT))) {
            assertThat(models.find(name).modelFile()).as(name).hasContent("weights");
        }
        assertThat(models.find(NewerStore.shortName(child)).modelFile()).hasContent("child weights");
        assertThat(store.find(ModelName.parse(one.hex().substring(0, 11)))).isEmpty();
        assertThat(store.find(ModelName.parse(NewerStore.shortName(Digest.of("weights".getBytes(UTF_8))))))
                .isEmpty();
        assertThat(store.find(ModelName.parse("other/" + one.hex()))).isEmpty();
    }

    @Test
    void the_beginning_of_two_digests_is_ambiguous() throws IOException {
        for (var last : List.of("1", "2")) {
            Files.writeString(folder.resolve("blobs/sha256-" + "a".repeat(63) + last), "");
        }

        assertThatThrownBy(() -> store.find(ModelName.parse("aaaaaaaaaaaa")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("ambiguous digest prefix \"aaaaaaaaaaaa\"");
    }
}
