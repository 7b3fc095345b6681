// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.puna.support.OutsideProgram;
import dev.puna.support.ServedProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation on a real terminal, which {@code script} makes; there, it has no size. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TerminalIT {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    Path home;

    @Test
    void what_is_typed_while_the_model_loads_is_not_lost() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "no " + SCRIPT);
        try (var served = ServedProgram.start(home)) {
            served.createParrot("parrot", "Hello, sailor.");
            var environment = Map.of(
                    "HOME", home.toString(), "TERM", "xterm", "PUNA_BUILD", "never", "PUNA_HOST", served.address());
            var keys =
                    "(printf 'typed ahead\\r'; for i in $(seq 200); do grep -q sailor screen && break; sleep 0.1; done;"
                            + " printf '/bye\\r'; sleep 2) | ";
            var talk = SCRIPT + " -qfec '" + Path.of("puna").toAbsolutePath() + " run parrot' screen";

            var ended = OutsideProgram.run(
                    home, environment, Duration.ofSeconds(60), List.of("bash", "-c", "touch screen; " + keys + talk));

            var screen = Files.readString(home.resolve("screen")).replace('\u00a0', ' ');
            assertThat(screen).as(ended.output()).containsSubsequence(">>> ", "Hello, sailor.");
            assertThat(screen).contains("Send a message (/? for help)");
            assertThat(ended.exitCode()).isZero();
        }
    }
}
