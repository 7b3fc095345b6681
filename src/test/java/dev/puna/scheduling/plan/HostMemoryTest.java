// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HostMemoryTest {
    @TempDir
    Path root;

    @Test
    void it_is_what_the_system_could_give_without_swapping() throws IOException {
        write("proc/meminfo", "MemTotal:       24000000 kB\nMemFree: 1 kB\nMemAvailable:   1000 kB\n");

        assertThat(available()).isEqualTo(1000 * 1024);
    }

    @Test
    void the_limit_of_a_control_group_counts_and_its_file_pages_are_free() throws IOException {
        write("proc/meminfo", "MemAvailable:   1000000 kB\n");
        write("proc/self/cgroup", "0::/puna.service\n");
        write("sys/fs/cgroup/puna.service/memory.max", "1000000\n");
        write("sys/fs/cgroup/puna.service/memory.current", "900000\n");
        write("sys/fs/cgroup/puna.service/memory.stat", "anon 500000\ninactive_file 250000\nactive_file 150000\n");

        assertThat(available()).isEqualTo(500_000);
    }

    @Test
    void groups_without_a_limit_set_none() throws IOException {
        write("proc/meminfo", "MemAvailable:   1000 kB\n");
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "900000\n");

        assertThat(available()).isEqualTo(1000 * 1024);
    }

    @Test
    void groups_of_the_older_kind_count_too() throws IOException {
        write("proc/meminfo", "MemAvailable:   1000000 kB\n");
        write("proc/self/cgroup", "9:name=systemd:/x\n4:memory:/docker/1\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "900000\n");
        write("sys/fs/cgroup/memory/memory.stat", "inactive_file 5\ntotal_inactive_file 300000\n");

        assertThat(available()).isEqualTo(400_000);
    }

    @Test
    void more_used_than_allowed_leaves_nothing() throws IOException {
        write("proc/meminfo", "MemAvailable:   1000000 kB\n");
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "1000\n");
        write("sys/fs/cgroup/memory.current", "9000\n");

        assertThat(available()).isZero();
    }

    @Test
    void a_system_that_does_not_tell_sets_no_limit() {
        assertThat(available()).isGreaterThan(1L << 60);
    }

    @Test
    void this_machine_tells() {
        assertThat(new HostMemory(Path.of("/")).available()).isBetween(1L << 20, 1L << 50);
    }

    private long available() {
        return new HostMemory(root).available();
    }

    private void write(String name, String text) throws IOException {
        var file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
