// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folders of models, and who has to leave them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PrefixFoldersTest {
    private static final String NAME = "0123456789abcdef-0123456789abcdef0123456789abcde%d.prefix";

    @TempDir
    Path home;

    private Path one;
    private Path other;
    private PrefixFolders folders;

    @BeforeEach
    void make() throws IOException {
        one = Files.writeString(home.resolve("one.gguf"), "1");
        other = Files.writeString(home.resolve("other.gguf"), "2");
        folders = folders(1000);
    }

    @Test
    void each_model_has_one_of_its_own_that_nobody_else_may_see() throws IOException {
        var folder = folders.of(List.of(one)).orElseThrow();

        assertThat(folder.mostBytes()).isEqualTo(1000);
        assertThat(folders.of(List.of(one))).contains(folder);
        assertThat(folders.of(List.of(one, other)).orElseThrow().path()).isNotEqualTo(folder.path());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                .isEqualTo("rwx------");
        assertThat(PrefixFolder.of(folder.environment())).contains(folder);
    }

    @Test
    void what_is_kept_goes_with_the_files_of_its_model() throws IOException {
        var gone = folders.of(List.of(one)).orElseThrow().path();
        var stays = folders.of(List.of(other)).orElseThrow().path();
        file(gone, 1, 10);
        file(stays, 1, 10);
        Files.delete(one);

        folders.tidy();

        assertThat(gone).doesNotExist();
        assertThat(stays.resolve(NAME.formatted(1))).exists();
        try (var left = Files.list(home.resolve("prefixes"))) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void what_is_not_ours_is_left_alone() throws IOException {
        var base = home.resolve("prefixes");
        var folder = folders.of(List.of(one)).orElseThrow().path();
        var mine = List.of(
                Files.writeString(folder.resolve("letter"), "x".repeat(2000)),
                Files.writeString(folder.resolve("x" + NAME.formatted(1)), "x"),
                Files.writeString(base.resolve("notes"), "x"),
                Files.writeString(Files.createDirectory(base.resolve("mine")).resolve(NAME.formatted(1)), "x"));
        file(folder, 1, 10);
        Files.delete(one);

        folders.tidy();

        assertThat(mine).allSatisfy(file -> assertThat(file).exists());
        assertThat(folder.resolve(NAME.formatted(1))).doesNotExist();
    }

    @Test
    void of_all_models_together_the_least_recently_used_go() throws IOException {
        var first = folders.of(List.of(one)).orElseThrow().path();
        var second = folders.of(List.of(other)).orElseThrow().path();
        var oldest = file(second, 1, 400);
        var older = file(first, 2, 400);
        var newer = file(second, 3, 400);

        folders.tidy();

        assertThat(oldest).doesNotExist();
        assertThat(older).exists();
        assertThat(newer).exists();
    }

    @Test
    void what_was_never_finished_goes_after_a_while() throws IOException {
        var folder = folders.of(List.of(one)).orElseThrow().path();
        var old = Files.writeString(folder.resolve(PrefixFiles.unfinished(NAME.formatted(1))), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
        var young = Files.writeString(folder.resolve(PrefixFiles.unfinished(NAME.formatted(2))), "x");

        folders.tidy();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void with_none_wanted_what_was_kept_is_removed() throws IOException {
        var kept = file(folders.of(List.of(one)).orElseThrow().path(), 1, 10);

        assertThat(folders(0).of(List.of(one))).isEmpty();

        assertThat(kept).doesNotExist();
    }

    @Test
    void where_no_folder_can_be_made_a_model_does_without() throws IOException {
        Files.writeString(home.resolve("prefixes"), "in the way");

        assertThat(folders.of(List.of(one))).isEmpty();
    }

    @Test
    void by_default_a_small_part_of_the_disk_is_used() {
        var usual = new PrefixFolders(home.resolve("prefixes"), OptionalLong.empty());

        assertThat(usual.of(List.of(one)).orElseThrow().mostBytes())
                .isPositive()
                .isLessThanOrEqualTo(Math.min(2L << 30, home.toFile().getTotalSpace() / 20));
    }

    private PrefixFolders folders(long bytes) {
        return new PrefixFolders(home.resolve("prefixes"), OptionalLong.of(bytes));
    }

    private static Path file(Path folder, int number, int bytes) throws IOException {
        var file = Files.write(folder.resolve(NAME.formatted(number)), new byte[bytes]);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100 - number)));
        return file;
    }
}
