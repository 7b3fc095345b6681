// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.PackagedProgram;
import dev.puna.support.PackagedProgram.Ended;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StopWhileStartingIT {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int MOMENTS = 15;
    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

    @TempDir
    Path home;

    /** Before {@code main} runs, a signal ends the process as it ends any; then, too, it has said nothing. */
    @Test
    void a_signal_at_any_moment_of_the_start_ends_it_without_a_word_of_error() throws Exception {
        var whole = timeToListen();

        for (var moment = 0; moment <= MOMENTS; moment++) {
            try (var server = program().start("serve")) {
                Thread.sleep(whole.multipliedBy(moment).dividedBy(MOMENTS));
                server.signal(SIGNALS.get(moment % SIGNALS.size()));
                var ended = server.end();

                assertQuiet(ended);
                assertThat(ended.exitCode() == 0 || saidNothing(ended))
                        .as("%d at moment %d: %s", ended.exitCode(), moment, ended.errors())
                        .isTrue();
            }
        }
    }

    @Test
    void a_second_signal_and_a_third_change_nothing() throws Exception {
        try (var server = program().start("serve")) {
            awaitLine(server, "store.open");
            server.signal("TERM");
            server.signal("TERM");
            server.signal("INT");
            var ended = server.end();

            assertQuiet(ended);
            assertThat(ended.exitCode()).isZero();
        }
    }

    /** But for what a JVM says of itself that is told to stop before it has all its parts. */
    private static boolean saidNothing(Ended ended) {
        return ended.errors().lines().allMatch(line -> line.startsWith("Runtime.exit("));
    }

    private static void assertQuiet(Ended ended) {
        assertThat(ended.errors())
                .doesNotContain("\tat ")
                .doesNotContain("Error")
                .doesNotContain("ERROR")
                .doesNotContain("xception");
    }

    private Duration timeToListen() throws Exception {
        var begin = System.nanoTime();
        try (var server = program().start("serve")) {
            awaitLine(server, "server.listen");
            var took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(server.stop().exitCode()).isZero();
            return took;
        }
    }

    private static void awaitLine(PackagedProgram.Running server, String event) throws InterruptedException {
        var deadline = System.nanoTime() + BOUND.toNanos();
        while (!server.errors().contains(event)) {
            assertThat(server.isAlive()).as(server.errors()).isTrue();
            assertThat(System.nanoTime()).as("%s within %s", event, BOUND).isLessThan(deadline);
            Thread.sleep(2);
        }
    }

    private PackagedProgram program() {
        return new PackagedProgram(home).with("PUNA_HOST", "127.0.0.1:0");
    }
}
