// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class OtherServersTest {
    @TempDir
    Path folder;

    @Test
    void a_running_ollama_counts_where_it_uses_the_same_folder() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/environ")), "there is no /proc here");
        var program = folder.resolve("ollama");
        Files.copy(Path.of("/bin/sh").toRealPath(), program, StandardCopyOption.COPY_ATTRIBUTES);
        var models = Files.createDirectory(folder.resolve("models"));
        var others = Files.createDirectory(folder.resolve("others"));
        var builder = new ProcessBuilder(program.toString(), "-c", "read line");
        builder.environment().put("OLLAMA_MODELS", models.toString());
        var process = builder.start();
        try {
            assertThat(OtherServers.of(models)).contains(process.pid());
            assertThat(OtherServers.of(others)).isNotEqualTo(Optional.of(process.pid()));
        } finally {
            process.destroyForcibly();
        }
    }
}
