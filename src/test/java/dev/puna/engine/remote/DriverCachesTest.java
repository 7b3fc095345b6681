// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DriverCachesTest {
    private static final List<Path> MODEL = List.of(Path.of("/models/a.gguf"), Path.of("/models/adapter.gguf"));

    @TempDir
    Path home;

    @Test
    void a_model_finds_its_own_again_and_no_other_model_does() throws IOException {
        var caches = new DriverCaches(home.resolve("cache/drivers"));

        var folder = caches.of(MODEL).orElseThrow();
        Files.writeString(folder.resolve("kept"), "x");

        assertThat(caches.of(MODEL).orElseThrow().resolve("kept")).exists();
        assertThat(caches.of(MODEL.subList(0, 1))).isPresent().get().isNotEqualTo(folder);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(DriverCaches.environment(folder)).containsEntry("XDG_CACHE_HOME", folder.toString());
    }

    @Test
    void a_model_is_known_by_where_its_files_are_however_that_is_written() {
        var caches = new DriverCaches(home);
        var here = Path.of("a.gguf");

        assertThat(caches.of(List.of(here))).isEqualTo(caches.of(List.of(here.toAbsolutePath())));
        assertThat(caches.of(List.of(Path.of("/models/./a.gguf"))).orElseThrow())
                .as("as it ever was")
                .hasFileName("232cfdc559ef1b788cae69edd0ce899186f3a441424834c19bd56ef5e16774da");
    }

    @Test
    void those_that_were_not_wanted_for_longest_go() throws IOException {
        var caches = new DriverCaches(home);
        for (var i = 0; i < DriverCaches.MODELS; i++) {
            var folder = caches.of(model(i)).orElseThrow();
            Files.createDirectories(folder.resolve("ab"));
            Files.writeString(folder.resolve("ab/cd"), "x");
            Files.setLastModifiedTime(folder, FileTime.fromMillis(1_000_000L * (i + 1)));
        }
        var first = caches.of(model(0)).orElseThrow();

        caches.of(MODEL);

        try (var left = Files.list(home)) {
            assertThat(left).hasSize(DriverCaches.MODELS);
        }
        assertThat(first).as("used again").exists();
        assertThat(caches.of(model(1)).orElseThrow()).as("used longest ago").isEmptyDirectory();
    }

    @Test
    void where_no_folder_can_be_made_a_model_does_without() throws IOException {
        var file = Files.writeString(home.resolve("file"), "mine");

        assertThat(new DriverCaches(file).of(MODEL)).isEmpty();
        assertThat(file).hasContent("mine");
    }

    private static List<Path> model(int number) {
        return List.of(Path.of("/models/%d.gguf".formatted(number)));
    }
}
