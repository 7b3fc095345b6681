// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NativeLibrariesTest {
    @TempDir
    Path root;

    @Test
    void the_settings_go_first() {
        var settings = Settings.from(Map.of("PUNA_NATIVE_LIBS", "/elsewhere"));

        assertThat(NativeLibraries.folder(settings)).isEqualTo(Path.of("/elsewhere"));
    }

    @Test
    void a_package_has_them_beside_its_folder_of_programs() throws IOException {
        Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(root.resolve("bin/native-libs"));
        var libraries = Files.createDirectories(root.resolve("lib/puna"));

        assertThat(NativeLibraries.belongingTo(root.resolve("bin/puna"))).isEqualTo(libraries);
    }

    @Test
    void a_program_without_a_package_has_them_beside_itself() throws IOException {
        var libraries = Files.createDirectories(root.resolve("here/native-libs"));

        assertThat(NativeLibraries.belongingTo(root.resolve("here/puna"))).isEqualTo(libraries);
    }

    @Test
    void where_there_are_none_the_usual_place_is_named() {
        assertThat(NativeLibraries.belongingTo(Path.of("/opt/puna/bin/puna"))).isEqualTo(Path.of("/opt/puna/lib/puna"));
    }
}
