// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs a jextract, which a build does without: see jextract/README.md. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BindingsAreCurrentTest {
    @TempDir
    Path folder;

    @Test
    void jextract_makes_of_the_headers_what_is_committed() throws IOException, InterruptedException {
        assumeThat(jextractIsHere())
                .as("jextract on the PATH or in JEXTRACT_HOME")
                .isTrue();
        var output = folder.resolve("output.txt");
        var process = new ProcessBuilder("jextract/regenerate", "--check")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended in time").isTrue();
            assertThat(process.exitValue()).as("%s", Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean jextractIsHere() {
        var home = System.getenv("JEXTRACT_HOME");
        if (home != null) {
            return Files.isExecutable(Path.of(home, "bin", "jextract"));
        }
        var path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(path.split(File.pathSeparator))
                .anyMatch(part -> Files.isExecutable(Path.of(part, "jextract")));
    }
}
