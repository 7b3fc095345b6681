// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Continuous integration does what README and this project's issues say that it does. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ContinuousIntegrationTest {
    @Test
    void it_runs_the_test_command_of_the_README() throws IOException {
        assertThat(Files.readString(Path.of("README.md"))).contains("\n./mvnw verify\n");
        assertThat(Files.readAllLines(Path.of(".ci/run"))).containsOnlyOnce("./mvnw verify", "deploy/test");
    }

    @Test
    void it_builds_and_tests_the_native_executable_and_its_packages_where_there_is_a_GraalVM() throws IOException {
        assertThat(Files.readAllLines(Path.of(".ci/run")))
                .containsSubsequence(
                        "set -euo pipefail",
                        "./mvnw verify",
                        "if [[ -n ${GRAALVM_HOME-} ]]; then",
                        "    ./mvnw verify -Dnative -Pdist",
                        "else",
                        "fi",
                        "deploy/test");
    }
}
