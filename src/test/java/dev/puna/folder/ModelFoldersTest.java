// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.StoreFailure;
import dev.puna.model.ModelName;
import dev.puna.store.InstalledModel;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ModelFoldersTest {
    private static final String CHATML =
            "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>'"
                    + " + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private final AtomicLong now = new AtomicLong();

    @TempDir
    Path root;

    @Test
    void each_file_is_a_model_of_its_name() throws IOException {
        var file = write("SmolLM2-135M-Instruct.Q4_1.gguf");
        write("deeper/still/other.gguf");

        var models = folders();

        assertThat(names(models)).containsExactlyInAnyOrder("SmolLM2-135M-Instruct:Q4_1", "other:latest");
        var model = find(models, "smollm2-135m-instruct:q4_1").orElseThrow();
        assertThat(model.modelFile()).isEqualTo(file);
        assertThat(model.config().modelFamily()).isEqualTo("llama");
        assertThat(model.size()).isGreaterThan(Files.size(file));
        assertThat(model.files().ofStore()).isFalse();
    }

    @Test
    void where_no_tag_is_asked_for_the_usual_quantisation_counts_or_the_first() throws IOException {
        write("a-Q8_0.gguf");
        write("a-Q4_K_M.gguf");
        write("a-F16.gguf");
        write("b-Q8_0.gguf");
        write("b-Q6_K.gguf");
        var models = folders();

        assertThat(find(models, "a")).map(InstalledModel::name).hasToString("Optional[a:Q4_K_M]");
        assertThat(find(models, "b")).map(InstalledModel::name).hasToString("Optional[b:Q6_K]");
        assertThat(find(models, "a:Q2_K")).isEmpty();
        assertThat(find(models, "c")).isEmpty();
    }

    @Test
    void what_create_would_find_out_about_a_template_is_found_out() throws IOException {
        TinyGguf.headerOnly().text("tokenizer.chat_template", CHATML).writeTo(root.resolve("chat.gguf"));

        var model = find(folders(), "chat").orElseThrow();

        assertThat(model.template()).hasValueSatisfying(text -> assertThat(text).contains("<|im_start|>assistant"));
        assertThat(model.parameters()).containsEntry("stop", List.of("<|im_start|>", "<|im_end|>"));
        assertThat(model.system()).isEmpty();
        assertThat(model.messages()).isEmpty();
    }

    @Test
    void the_digest_is_the_same_until_the_file_changes() throws IOException {
        var file = write("a.gguf");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        var models = folders();
        var before = find(models, "a").orElseThrow();

        assertThat(find(folders(), "a").orElseThrow().digest()).isEqualTo(before.digest());
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:06Z")));
        assertThatThrownBy(before::modelFile)
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("model 'a:latest' is incomplete: " + file + " is gone or has changed");
        var after = find(models, "a").orElseThrow();
        assertThat(after.digest()).isNotEqualTo(before.digest());
        assertThat(after.loadedLayers()).isNotEqualTo(before.loadedLayers());
        Files.delete(file);
        assertThat(find(models, "a")).isEmpty();
    }

    @Test
    void parts_are_one_model_if_all_are_there() throws IOException {
        TinyGguf.split(1, root.resolve("m-Q8_0-00001-of-00002.gguf"), root.resolve("m-Q8_0-00002-of-00002.gguf"));
        Files.copy(root.resolve("m-Q8_0-00001-of-00002.gguf"), root.resolve("n-00001-of-00002.gguf"));
        Files.copy(root.resolve("m-Q8_0-00001-of-00002.gguf"), root.resolve("o-00001-of-00000.gguf"));

        var models = folders();

        assertThat(names(models)).containsExactly("m:Q8_0");
        assertThat(find(models, "m:q8_0").orElseThrow().modelFiles())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf");
        assertThat(find(models, "n")).isEmpty();
    }

    @Test
    void a_projector_goes_with_the_model_that_it_names_or_that_is_alone_with_it() throws IOException {
        write("vision/gemma-Q4_0.gguf");
        write("vision/gemma-Q8_0.gguf");
        projector("vision/mmproj-F32.gguf");
        projector("vision/mmproj-F16.gguf");
        write("many/a-Q4_0.gguf");
        write("many/b-Q4_0.gguf");
        projector("many/mmproj-b-BF16.gguf");
        projector("many/mmproj-BF16.gguf");

        var models = folders();

        assertThat(projectors(models, "gemma:Q4_0")).containsExactly("mmproj-F16.gguf");
        assertThat(projectors(models, "gemma:Q8_0")).containsExactly("mmproj-F16.gguf");
        assertThat(projectors(models, "a:Q4_0")).isEmpty();
        assertThat(projectors(models, "b:Q4_0")).containsExactly("mmproj-b-BF16.gguf");
        assertThat(find(models, "gemma:Q4_0").orElseThrow().config().modelFamilies())
                .contains("llama", "clip");
    }

    @Test
    void the_cache_of_Hugging_Face_is_read_as_a_pull_would_call_it() throws IOException {
        var hub = "hub/models--Some.Org--Tiny-Model-GGUF/";
        var blob = TinyGguf.headerOnly().writeTo(parent(hub + "blobs/0123abcd"));
        Files.writeString(parent(hub + "refs/main"), "rev2");
        Files.createSymbolicLink(
                parent(hub + "snapshots/rev2/tiny-model-Q4_K_M.gguf"), Path.of("../../blobs/0123abcd"));
        Files.createSymbolicLink(parent(hub + "snapshots/rev1/tiny-model-Q8_0.gguf"), Path.of("../../blobs/0123abcd"));
        projector(hub + "snapshots/rev2/mmproj-F16.gguf");

        var models = folders();

        assertThat(names(models)).containsExactly("hf.co/Some-Org/Tiny-Model-GGUF:Q4_K_M");
        var model = find(models, "hf.co/some-org/tiny-model-gguf").orElseThrow();
        assertThat(model.modelFile()).isEqualTo(blob);
        assertThat(model.projectors()).hasSize(1);
        Files.delete(root.resolve(hub + "refs/main"));
        Files.setLastModifiedTime(
                root.resolve(hub + "snapshots/rev1"),
                FileTime.from(Instant.now().plus(Duration.ofHours(1))));
        lookAgain();
        assertThat(names(models)).containsExactly("hf.co/Some-Org/Tiny-Model-GGUF:Q8_0");
    }

    @Test
    void files_of_one_name_are_told_apart_the_same_way_each_time() throws IOException {
        write("b/m-Q4_0.gguf");
        write("c/M_Q4_0.gguf");
        var first = write("a/m-Q4_0.gguf");

        assertThat(names(folders())).containsExactlyInAnyOrder("m:Q4_0", "m:Q4_0-2", "M:Q4_0-3");
        assertThat(find(folders(), "m:Q4_0").orElseThrow().modelFile()).isEqualTo(first);
    }

    @Test
    void a_walk_is_good_for_a_while() throws IOException {
        var models = folders();
        assertThat(models.list()).isEmpty();

        write("a.gguf");

        assertThat(models.list()).isEmpty();
        lookAgain();
        assertThat(names(models)).containsExactly("a:latest");
    }

    @Test
    void a_damaged_file_hides_no_other_and_says_what_is_wrong() throws IOException {
        write("good.gguf");
        var whole = TinyGguf.headerOnly().toArray();
        Files.write(root.resolve("cut.gguf"), java.util.Arrays.copyOf(whole, whole.length - 40));
        Files.writeString(root.resolve("text.gguf"), "no model", US_ASCII);
        Files.createFile(root.resolve("empty.gguf"));
        var models = folders();

        assertThat(names(models)).containsExactly("good:latest");
        assertThatThrownBy(() -> find(models, "cut"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("model 'cut:latest' cannot be used: "
                        + root.toRealPath().resolve("cut.gguf"));
        assertThatThrownBy(() -> find(models, "text")).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(() -> find(models, "empty")).isInstanceOf(StoreFailure.class);
        Files.write(root.resolve("cut.gguf"), whole);
        lookAgain();
        assertThat(names(models)).containsExactlyInAnyOrder("good:latest", "cut:latest");
    }

    @Test
    void a_projector_alone_is_no_model() throws IOException {
        projector("mmproj-F16.gguf");
        projector("named-as-a-model.gguf");

        assertThat(folders().list()).isEmpty();
        assertThat(find(folders(), "named-as-a-model")).isEmpty();
    }

    private ModelFolders folders() {
        return new ModelFolders(List.of(root, root.resolve("not-there")), now::get);
    }

    private void lookAgain() {
        now.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    private Path write(String file) throws IOException {
        return TinyGguf.headerOnly().writeTo(parent(file));
    }

    private void projector(String file) throws IOException {
        TinyProjector.llava(1).writeTo(parent(file));
    }

    private Path parent(String file) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return path;
    }

    private static Optional<InstalledModel> find(ModelFolders models, String name) {
        return models.find(ModelName.parse(name));
    }

    private static List<String> names(ModelFolders models) {
        return models.list().stream().map(model -> model.name().shortName()).toList();
    }

    private static List<String> projectors(ModelFolders models, String name) {
        return find(models, name).orElseThrow().projectors().stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }
}
