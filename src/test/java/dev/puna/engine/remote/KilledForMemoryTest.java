// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.process.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KilledForMemoryTest {
    private static final ExitStatus KILLED = new ExitStatus(0, 9);

    @TempDir
    Path folder;

    @Test
    void the_count_is_read_where_there_is_one() throws IOException {
        var counters = Files.writeString(folder.resolve("vmstat"), "pgfault 7\noom_kill 12\noom_kill_other 3\n");

        assertThat(KilledForMemory.count(counters)).isEqualTo(12);
        assertThat(KilledForMemory.count(folder.resolve("none"))).isZero();
    }

    @Test
    void one_that_was_killed_while_the_kernel_counted_ran_out_of_memory() {
        assertThat(KilledForMemory.reason(KILLED, 3, 4)).startsWith("SIGKILL (it ran out of memory");
    }

    @Test
    void any_other_end_is_told_as_it_is() {
        assertThat(KilledForMemory.reason(KILLED, 3, 3)).isEqualTo(KILLED.reason());
        var aborted = new ExitStatus(0, 6);
        assertThat(KilledForMemory.reason(aborted, 3, 4)).isEqualTo(aborted.reason());
    }
}
