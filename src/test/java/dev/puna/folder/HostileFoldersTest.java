// SPDX-License-Identifier: Apache-2.0
package dev.puna.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders with what nobody should put there: each time the one good model is found, and soon. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileFoldersTest {
    @TempDir
    Path root;

    @BeforeEach
    void addOneGoodModel() {
        TinyGguf.headerOnly().writeTo(root.resolve("good.gguf"));
    }

    @Test
    void a_folder_called_as_a_file() throws IOException {
        Files.createDirectories(root.resolve("folder.gguf"));

        assertOneModel();
    }

    @Test
    void a_fifo() throws Exception {
        var made = new ProcessBuilder("mkfifo", root.resolve("fifo.gguf").toString()).start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(root.resolve("fifo.gguf")).exists();

        assertOneModel();
    }

    @Test
    void links_that_lead_nowhere_or_in_circles() throws IOException {
        Files.createSymbolicLink(root.resolve("nowhere.gguf"), root.resolve("missing"));
        Files.createSymbolicLink(root.resolve("one.gguf"), root.resolve("two.gguf"));
        Files.createSymbolicLink(root.resolve("two.gguf"), root.resolve("one.gguf"));
        Files.createDirectories(root.resolve("inner"));
        Files.createSymbolicLink(root.resolve("inner/back"), root);
        Files.createSymbolicLink(root.resolve("device.gguf"), Path.of("/dev/zero"));

        assertOneModel();
    }

    @Test
    void a_second_way_to_the_same_file_is_no_second_model() throws IOException {
        Files.createSymbolicLink(root.resolve("same.gguf"), root.resolve("good.gguf"));

        assertOneModel();
    }

    @Test
    void a_name_as_long_as_can_be() throws IOException {
        TinyGguf.headerOnly().writeTo(root.resolve("x".repeat(250) + ".gguf"));
        TinyGguf.headerOnly().writeTo(root.resolve("x".repeat(249) + "y.gguf"));

        assertThat(models())
                .containsExactlyInAnyOrder("good:latest", "x".repeat(80) + ":latest", "x".repeat(80) + ":latest-2");
    }

    @Test
    void folders_below_folders_without_end() throws IOException {
        var deep = root;
        for (var i = 0; i < 40; i++) {
            deep = deep.resolve("d");
        }
        Files.createDirectories(deep);
        TinyGguf.headerOnly().writeTo(deep.resolve("deep.gguf"));

        assertOneModel();
    }

    @Test
    void ten_thousand_files() throws IOException {
        var file = root.resolve("good.gguf");
        for (var i = 0; i < 10_000; i++) {
            Files.createLink(root.resolve("m%05d.gguf".formatted(i)), file);
        }

        assertThat(models()).hasSize(FolderIndex.MOST_MODELS).contains("good:latest");
    }

    private void assertOneModel() {
        assertThat(models()).containsExactly("good:latest");
    }

    private List<String> models() {
        return new ModelFolders(List.of(root))
                .list().stream().map(model -> model.name().shortName()).toList();
    }
}
