// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProcessWorkTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void processor_time_of_both_kinds_and_pages_add_up_whatever_the_name() throws IOException {
        Files.writeString(
                folder.resolve("stat"),
                "7 (a ) R (b) S 1 7 7 0 -1 4194560 900 800 30 20 100 4000 5000 6000 20 0 9 0 123\n");

        assertThat(new ProcessWork(folder).done()).isEqualTo(30 + 100 + 4000);
    }

    @Test
    void what_cannot_be_read_is_not_known() throws IOException {
        assertThat(new ProcessWork(folder).done()).isNegative();
        assertThat(new ProcessWork(folder).isBusy()).isTrue();
        Files.writeString(folder.resolve("stat"), "7 (a) S 1");
        assertThat(new ProcessWork(folder).done()).isNegative();
    }

    @Test
    void a_process_that_sleeps_does_nothing_and_one_that_computes_does() throws IOException {
        var sleeping = new ProcessBuilder("sleep", "100").start();
        var computing = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        try {
            var idle = ProcessWork.of(sleeping.pid());
            Waiting.until(BOUND, () -> !idle.isBusy());
            var before = idle.done();

            Waiting.until(BOUND, () -> ProcessWork.of(computing.pid()).done() > 30);

            assertThat(ProcessWork.of(computing.pid()).isBusy()).isTrue();
            assertThat(idle.done()).isEqualTo(before);
        } finally {
            sleeping.destroyForcibly();
            computing.destroyForcibly();
        }
    }
}
