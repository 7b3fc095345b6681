// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BusyThreadsTest {
    @TempDir
    Path root;

    @Test
    void our_own_threads_are_not_others() throws IOException {
        write("proc/loadavg", "9.99 9.99 9.99 7/300 4242\n");
        write("proc/self/task/1/stat", "1 (java) S 0 1\n");
        write("proc/self/task/2/stat", "2 (odd) name) R 0 1\n");
        write("proc/self/task/3/stat", "3 (decode) R 0 1\n");

        assertThat(BusyThreads.elsewhere(root)).isEqualTo(5);
    }

    @Test
    void a_quiet_machine_runs_only_the_one_who_looks() throws IOException {
        write("proc/loadavg", "3.00 3.00 3.00 1/300 4242\n");

        assertThat(BusyThreads.elsewhere(root)).isZero();
    }

    @Test
    void a_system_that_does_not_tell_is_quiet() throws IOException {
        assertThat(BusyThreads.elsewhere(root)).isZero();
        write("proc/loadavg", "nonsense\n");
        assertThat(BusyThreads.elsewhere(root)).isZero();
    }

    private void write(String name, String text) throws IOException {
        var file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
