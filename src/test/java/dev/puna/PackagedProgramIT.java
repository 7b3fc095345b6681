// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.PackagedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PackagedProgramIT {
    @TempDir
    Path home;

    private PackagedProgram puna;

    @BeforeEach
    void prepare() {
        puna = new PackagedProgram(home);
    }

    @Test
    void tells_its_version() {
        var ended = puna.run("--version");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).contains("version is");
    }

    @Test
    void starts_from_another_directory_through_a_link_whose_path_has_spaces() throws IOException {
        var folder = Files.createDirectories(home.resolve("a folder with spaces"));
        var link = Files.createSymbolicLink(
                folder.resolve("my puna"), Path.of("puna").toAbsolutePath());

        var ended = puna.by(link).from(folder).run("--version");
        Files.delete(link);

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).contains("version is");
    }

    @Test
    void an_unknown_command_is_refused_without_a_stack_trace() {
        var ended = puna.run("frobnicate");

        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.output()).isEmpty();
        assertThat(ended.errors()).contains("frobnicate").doesNotContain("\tat ");
    }
}
