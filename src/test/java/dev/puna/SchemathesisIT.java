// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.puna.support.ClientPackages;
import dev.puna.support.OutsideProgram;
import dev.puna.support.ServedProgram;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schemathesis makes requests of what {@code openapi.yaml} says, well-formed and not, the same for the same seed, against the packaged
 * program: none ends it, hangs, or is answered with a status of 500 and above. The build makes some for each operation, natively, and there are
 * no models, so none is loaded. {@code -Dschemathesis.examples=5} makes so many, tries in turn what is at the edges of each field, and has
 * small models, which takes minutes to hours. Pull and push are left out, since they reach for other hosts.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemathesisIT {
    private static final boolean BY_HAND = System.getProperty("schemathesis.examples") != null;
    private static final int EXAMPLES = Integer.getInteger("schemathesis.examples", 3);
    private static final String PHASES = BY_HAND ? "examples,coverage,fuzzing" : "examples,fuzzing";
    private static final Duration BOUND = BY_HAND ? Duration.ofHours(24) : Duration.ofMinutes(10);
    private static final Path DOCUMENT =
            Path.of("src/main/resources/META-INF/openapi.yaml").toAbsolutePath();

    @TempDir
    Path home;

    /** Of the two forms of the program the build takes the faster one. */
    @BeforeAll
    static void takeTheExecutable() {
        assumeTrue(BY_HAND || Files.exists(Path.of(System.getProperty("native.image.path", "none"))));
    }

    @Test
    void no_request_that_can_be_made_of_the_document_is_answered_with_a_fault() throws Exception {
        // A model that is made of one which is not there would be pulled.
        try (var served = ServedProgram.start(home, Map.of("PUNA_REGISTRY_ALLOW", "registry.invalid"))) {
            if (BY_HAND) {
                // By the names of the document's examples.
                served.create("llama3.2", TinyGguf.llama(1).writeTo(home.resolve("tiny.gguf")));
                served.create("all-minilm", TinyGguf.reranker(1).writeTo(home.resolve("ranker.gguf")));
            }

            var ended = schemathesis(served.address());

            assertThat(ended.exitCode()).as(ended.output()).isZero();
            assertThat(served.isAlive()).isTrue();
            assertThat(served.errors()).doesNotContain("\tat ");
        }
    }

    private OutsideProgram.Outcome schemathesis(String address) throws IOException {
        var packages = ClientPackages.schemathesis();
        var command = List.of(
                "python3",
                packages.resolve("bin/schemathesis").toString(),
                "--config-file=" + ClientPackages.script("schemathesis/schemathesis.toml"),
                "run",
                DOCUMENT.toString(),
                "--url=http://" + address,
                "--exclude-path=/api/pull",
                "--exclude-path=/api/push",
                "--phases=" + PHASES,
                "--checks=not_a_server_error",
                "--max-examples=" + EXAMPLES,
                "--seed=1",
                "--no-shrink",
                "--continue-on-failure",
                "--request-timeout=30",
                "--generation-database=none",
                "--no-color");
        return OutsideProgram.run(
                Files.createDirectories(home.resolve("schemathesis")),
                Map.of("PYTHONPATH", packages.toString()),
                BOUND,
                command);
    }
}
