// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Cancelled;
import dev.puna.failure.InvalidRequest;
import dev.puna.folder.ModelFolders;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.model.WeightRules;
import dev.puna.store.ModelStore;
import dev.puna.support.TestServer;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store beside a folder of files: what can be done with their models, and what not. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CreationFromFolderTest {
    private static final ModelName MADE = ModelName.parse("made");
    private static final ModelName FILE = ModelName.parse("tiny:F32");

    private final List<CreationProgress> told = new ArrayList<>();

    @TempDir
    Path root;

    private Path file;
    private ModelStore store;

    @BeforeEach
    void open() throws IOException {
        file = TinyGguf.headerOnly()
                .writeTo(Files.createDirectories(root.resolve("folder")).resolve("tiny-F32.gguf"));
        store = ModelStore.open(root.resolve("store"), new ModelFolders(List.of(root.resolve("folder"))));
    }

    @Test
    void a_model_made_of_a_file_has_blobs_of_its_own() throws IOException {
        var before = Files.readAllBytes(file);

        job("tiny:f32").run(told::add);

        var made = store.find(MADE).orElseThrow();
        assertThat(made.files().ofStore()).isTrue();
        assertThat(made.system()).contains("Be brief.");
        assertThat(made.modelFile())
                .hasFileName(Digest.of(Files.readAllBytes(made.modelFile())).fileName());
        assertThat(file).hasBinaryContent(before);
        assertThat(blobs()).hasSize(3);
        Files.delete(file);
        assertThat(made.modelFile()).exists();
    }

    @Test
    void a_file_that_is_as_the_store_would_have_it_is_copied() throws IOException {
        job("tiny:f32").run(told::add);
        var made = store.find(MADE).orElseThrow();
        Files.copy(made.modelFile(), file, StandardCopyOption.REPLACE_EXISTING);
        var size = Files.size(file);
        told.clear();

        creations().job(ModelName.parse("again"), request("tiny:f32")).run(told::add);

        assertThat(told).contains(new CreationProgress.Copying("tiny-F32.gguf", size, size));
        assertThat(store.find(ModelName.parse("again")).orElseThrow().digest()).isEqualTo(made.digest());
    }

    @Test
    void what_is_linked_is_kept_as_it_is() throws IOException {
        var digest = Digest.of(Files.readAllBytes(file));
        try (var blob = store.beginUpload(digest)) {
            assertThat(FileIntake.linked(file, blob)).isEqualTo(FileIntake.Way.LINKED);
            blob.commit();
        }
        var files = Optional.of(Map.of("any.gguf", digest.text()));

        creations().job(MADE, request("", files)).run(told::add);

        var made = store.find(MADE).orElseThrow();
        assertThat(Files.isSameFile(made.modelFile(), file)).isTrue();
    }

    @Test
    void what_is_cancelled_leaves_no_blob() throws IOException {
        new TinyModels(store).generative("base");
        var before = blobs();
        var job = job("tiny:f32");

        assertThatThrownBy(() -> job.run(step -> {
                    if (step == CreationProgress.Step.WRITING_MANIFEST) {
                        job.cancel();
                    }
                }))
                .isInstanceOf(Cancelled.class);

        assertThat(blobs()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void the_store_s_own_model_of_a_name_wins() {
        assertThat(store.list()).hasSize(1);
        creations().job(FILE, request("tiny:f32")).run(told::add);

        assertThat(store.find(FILE).orElseThrow().files().ofStore()).isTrue();
        assertThat(store.list()).hasSize(1);
        assertThat(store.delete(FILE)).isTrue();
        assertThat(store.find(FILE).orElseThrow().files().ofStore()).isFalse();
    }

    @Test
    void a_file_is_neither_deleted_nor_copied_by_name() {
        assertThatThrownBy(() -> store.delete(FILE))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("model 'tiny:F32' is the file " + file
                        + " of a folder in PUNA_MODEL_DIRS, which is only read: remove the file itself");
        assertThatThrownBy(() -> store.copy(FILE, MADE))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageEndingWith("which is only read: make a model of it with create, FROM that name");
        assertThat(file).exists();
        assertThat(store.delete(ModelName.parse("other"))).isFalse();
        assertThat(store.copy(ModelName.parse("other"), MADE)).isEmpty();
    }

    private CreationJob job(String from) {
        return creations().job(MADE, request(from));
    }

    private CreationService creations() {
        return new CreationService(
                store,
                (_, _, _, _) -> {
                    throw new AssertionError("nothing is to be quantised");
                },
                TestServer.loopbackOnly(store));
    }

    private List<String> blobs() throws IOException {
        try (var files = Files.list(root.resolve("store/blobs"))) {
            return files.map(blob -> blob.getFileName().toString()).toList();
        }
    }

    private static CreationRequest request(String from) {
        return request(from, Optional.empty());
    }

    private static CreationRequest request(String from, Optional<Map<String, String>> files) {
        return new CreationRequest(
                from,
                files,
                Map.of(),
                Map.of(),
                "",
                "",
                WeightRules.NONE,
                "",
                List.of(),
                "Be brief.",
                Map.of(),
                List.of(),
                "",
                "",
                "",
                List.of(),
                Map.of());
    }
}
