// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.StoreFailure;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.model.StoredMessage;
import dev.puna.support.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
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
    void an_empty_store_has_no_models() {
        assertThat(store.list()).isEmpty();
        assertThat(store.find(ModelName.parse("a"))).isEmpty();
        assertThat(store.delete(ModelName.parse("a"))).isFalse();
        assertThat(store.copy(ModelName.parse("a"), ModelName.parse("b"))).isEmpty();
        assertThat(store.prune()).isZero();
    }

    @Test
    void what_was_put_into_a_model_comes_out_again() {
        var model = models.create("me/mine:1b", "weights", draft -> {
            draft.template("{{ .Prompt }}");
            draft.system("Be brief. <&>");
            draft.license("one");
            draft.license("two");
            draft.parameters(Map.of("temperature", 0.5, "stop", List.of("a", "b")));
            draft.messages(List.of(new StoredMessage("user", "Hi\u2028"), new StoredMessage("assistant", "\"Hello\"")));
            draft.renderer("some-renderer");
            draft.parser("some-parser");
            draft.requires("0.14.0");
        });

        assertThat(model.name().shortName()).isEqualTo("me/mine:1b");
        assertThat(model.modelFile()).hasContent("weights");
        assertThat(model.template()).contains("{{ .Prompt }}");
        assertThat(model.system()).contains("Be brief. <&>");
        assertThat(model.licenses()).containsExactly("one", "two");
        assertThat(model.parameters()).isEqualTo(Map.of("temperature", 0.5, "stop", List.of("a", "b")));
        assertThat(model.messages())
                .containsExactly(new StoredMessage("user", "Hi\u2028"), new StoredMessage("assistant", "\"Hello\""));
        assertThat(model.config().renderer()).contains("some-renderer");
        assertThat(model.config().parser()).contains("some-parser");
        assertThat(model.config().requires()).contains("0.14.0");
        assertThat(model.config().modelType()).isEqualTo("1K");
        assertThat(model.projectors()).isEmpty();
        assertThat(model.adapters()).isEmpty();
        assertThat(model.parent()).isEmpty();
    }

    @Test
    void a_derived_model_keeps_what_it_does_not_change() {
        models.create("base", "weights", draft -> {
            draft.system("old");
            draft.license("one");
            draft.parameters(Map.of("top_k", 1L, "seed", 2L));
            draft.messages(List.of(new StoredMessage("user", "Hi")));
        });

        var derived = models.derive("derived", "base", draft -> {
            draft.system("new");
            draft.license("two");
            draft.parameters(Map.of("seed", 3L));
            draft.messages(List.of());
        });

        assertThat(derived.system()).contains("new");
        assertThat(derived.licenses()).containsExactly("one", "two");
        assertThat(derived.parameters()).isEqualTo(Map.of("top_k", 1L, "seed", 3L));
        assertThat(derived.messages()).containsExactly(new StoredMessage("user", "Hi"));
        assertThat(derived.parent()).contains("base:latest");
        assertThat(models.find("base").system()).contains("old");
    }

    @Test
    void null_takes_an_inherited_parameter_away() {
        models.create("base", "weights", draft -> draft.parameters(Map.of("top_k", 1L)));
        var nothing = new HashMap<String, Object>();
        nothing.put("top_k", null);

        var derived = models.derive("derived", "base", draft -> draft.parameters(nothing));

        assertThat(derived.parameters()).isEmpty();
        assertThat(derived.manifest().layers(MediaTypes.PARAMS)).isEmpty();
    }

    @Test
    void the_newest_models_come_first_and_those_of_one_moment_by_name() throws IOException {
        for (var name : List.of("old", "b", "a", "new")) {
            models.create(name, "weights");
        }
        var moment = Files.getLastModifiedTime(models.manifest("old"));
        Files.setLastModifiedTime(models.manifest("a"), moment);
        Files.setLastModifiedTime(models.manifest("b"), moment);
        TestStore.age(models.manifest("old"), Duration.ofHours(5));
        TestStore.age(models.manifest("new"), Duration.ofHours(-1));

        assertThat(models.names()).containsExactly("new:latest", "a:latest", "b:latest", "old:latest");
    }

    @Test
    void case_makes_no_difference_to_names_but_is_kept() {
        models.create("Me/Mine:Big", "weights");

        assertThat(models.find("me/mine:big").name().shortName()).isEqualTo("Me/Mine:Big");

        models.create("ME/MINE:BIG", "other");
        assertThat(models.names()).containsExactly("Me/Mine:Big");
        assertThat(models.find("me/mine:big").modelFile()).hasContent("other");

        assertThat(store.delete(ModelName.parse("mE/mInE:bIg"))).isTrue();
        assertThat(models.names()).isEmpty();
    }

    @Test
    void of_names_that_differ_in_case_only_the_one_spelt_alike_is_found() throws IOException {
        models.create("mine:a", "lower");
        models.create("other", "upper");
        Files.createDirectories(models.manifest("Mine:b").getParent());
        Files.copy(models.manifest("other"), models.manifest("Mine:a"));
        Files.copy(models.manifest("other"), models.manifest("Mine:b"));

        assertThat(models.find("mine:a").modelFile()).hasContent("lower");
        assertThat(models.find("Mine:a").modelFile()).hasContent("upper");
        assertThat(models.find("mine:b").name().shortName()).isEqualTo("Mine:b");
        assertThat(models.find("MINE:B").name().shortName()).isEqualTo("Mine:b");
    }

    @Test
    void a_copy_is_the_same_model_under_another_name() throws IOException {
        models.create("a", "weights");

        assertThat(store.copy(ModelName.parse("A"), ModelName.parse("me/b:c"))).isPresent();

        assertThat(models.find("me/b:c").digest()).isEqualTo(models.find("a").digest());
        assertThat(Files.readAllBytes(models.manifest("me/b:c"))).isEqualTo(Files.readAllBytes(models.manifest("a")));
        assertThat(store.delete(ModelName.parse("a"))).isTrue();
        assertThat(models.find("me/b:c").modelFile()).hasContent("weights");
    }

    @Test
    void a_model_can_be_copied_onto_itself_and_onto_another() {
        models.create("a", "weights");
        models.create("b", "others");

        assertThat(store.copy(ModelName.parse("a"), ModelName.parse("a"))).isPresent();
        assertThat(store.copy(ModelName.parse("a"), ModelName.parse("b"))).isPresent();

        assertThat(models.find("b").modelFile()).hasContent("weights");
    }

    @Test
    void deleting_keeps_the_blobs_that_another_model_needs() throws IOException {
        models.create("a", "shared", draft -> draft.system("only a"));
        models.create("b", "shared", draft -> draft.system("only b"));

        assertThat(store.delete(ModelName.parse("a"))).isTrue();

        assertThat(models.find("b").modelFile()).hasContent("shared");
        assertThat(models.find("b").system()).contains("only b");
        assertThat(models.blobs()).doesNotContain(digest("only a").fileName());
        assertThat(store.delete(ModelName.parse("b"))).isTrue();
        assertThat(models.blobs()).isEmpty();
        assertThat(models.manifest("b").getParent()).doesNotExist();
    }

    @Test
    void replacing_a_model_removes_what_only_the_old_one_needed() {
        models.create("a", "weights", draft -> draft.system("old"));

        models.create("a", "weights", draft -> draft.system("new"));

        assertThat(models.blobs())
                .doesNotContain(digest("old").fileName())
                .contains(digest("new").fileName());
    }

    @Test
    void a_store_that_keeps_what_is_unused_keeps_it() {
        var keeping = ModelStore.open(folder, true);
        models.create("a", "weights", draft -> draft.system("old"));
        try (var draft = keeping.draft()) {
            draft.inherit(models.find("a"));
            draft.system("new");
            draft.save(ModelName.parse("a"));
        }
        TestStore.age(store.path(digest("old")), Duration.ofHours(2));

        assertThat(keeping.prune()).isZero();
        assertThat(models.blobs()).contains(digest("old").fileName());
    }

    @Test
    void a_draft_that_is_given_up_leaves_nothing() {
        models.create("a", "weights");
        var weights = models.blob("more weights");
        try (var draft = store.draft()) {
            draft.system("never saved");
        }

        assertThat(models.blobs())
                .doesNotContain(digest("never saved").fileName())
                .contains(weights.fileName());
        assertThat(models.names()).containsExactly("a:latest");
    }

    @Test
    void a_draft_that_thinks_twice_leaves_only_the_last_word() {
        models.create("a", "weights", draft -> {
            draft.system("first");
            draft.system("second");
        });

        assertThat(models.find("a").system()).contains("second");
        assertThat(models.blobs()).doesNotContain(digest("first").fileName());
    }

    @Test
    void a_model_whose_blob_is_gone_meanwhile_is_not_written() throws IOException {
        models.create("a", "weights");
        var manifest = Files.readAllBytes(models.manifest("a"));
        Files.delete(store.path(digest("weights")));

        assertThatThrownBy(() -> store.install(ModelName.parse("b"), manifest, ""))
                .isInstanceOf(StoreFailure.class)
                .hasMessage("blob " + digest("weights") + " is gone from the model store: upload or pull it again");
        assertThatThrownBy(() -> models.find("a").modelFile())
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("model 'a:latest' is incomplete");
        assertThat(models.names()).containsExactly("a:latest");
    }

    private static Digest digest(String content) {
        return Digest.of(content.getBytes(StandardCharsets.UTF_8));
    }
}
