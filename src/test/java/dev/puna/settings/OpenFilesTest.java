// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OpenFilesTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "1024, 4096, 768",
        "1024, 0, 768",
        "1024, 100, 100",
        "100, 4096, 64",
        "1048576, 4096, 4096",
        "unlimited, 0, 0"
    })
    void there_are_no_more_connections_than_files_may_be_open(String limit, int asked, int most) throws IOException {
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/limits"), """
                Limit                     Soft Limit           Hard Limit           Units
                Max cpu time              unlimited            unlimited            seconds
                Max open files            %-20s 1048576              files
                """.formatted(limit));

        assertThat(OpenFiles.connections(root, asked)).isEqualTo(most);
        assertThat(OpenFiles.connections(root.resolve("nowhere"), asked)).isEqualTo(asked);
    }
}
