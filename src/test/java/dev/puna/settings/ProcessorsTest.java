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
class ProcessorsTest {
    @TempDir
    Path root;

    @Test
    void two_hardware_threads_of_one_core_count_once() throws IOException {
        machineOfTwoCoresWithTwoThreadsEach();

        assertThat(Processors.usable(root, 4)).isEqualTo(2);
    }

    @Test
    void only_cores_that_the_process_may_use_count() throws IOException {
        machineOfTwoCoresWithTwoThreadsEach();
        write("proc/self/status", "Name:\tjava\nCpus_allowed_list:\t0,2\n");

        assertThat(Processors.usable(root, 2)).isEqualTo(1);
    }

    @Test
    void a_quota_of_a_container_is_a_limit() throws IOException {
        machineOfTwoCoresWithTwoThreadsEach();
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/cpu.max", "150000 100000\n");

        assertThat(Processors.usable(root, 4)).isEqualTo(1);
    }

    @Test
    void a_quota_of_an_enclosing_group_is_a_limit_too() throws IOException {
        write("proc/self/cgroup", "0::/system.slice/puna.service\n");
        write("sys/fs/cgroup/system.slice/puna.service/cpu.max", "max 100000\n");
        write("sys/fs/cgroup/system.slice/cpu.max", "300000 100000\n");

        assertThat(Processors.usable(root, 8)).isEqualTo(3);
    }

    @Test
    void a_quota_of_the_older_kind_is_a_limit() throws IOException {
        write("proc/self/cgroup", "4:memory:/x\n2:cpu,cpuacct:/docker/1\n");
        write("sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us", "200000\n");
        write("sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us", "100000\n");

        assertThat(Processors.usable(root, 8)).isEqualTo(2);
    }

    @Test
    void a_tiny_quota_still_leaves_one_thread() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/cpu.max", "10000 100000\n");

        assertThat(Processors.usable(root, 8)).isEqualTo(1);
    }

    /** A board with four fast cores and four of less than half their speed. */
    @Test
    void slow_cores_that_would_hold_up_fast_ones_do_not_count() throws IOException {
        coresOf(446, 446, 446, 446, 1024, 1024, 1024, 1024);

        assertThat(Processors.usable(root, 8)).isEqualTo(4);
    }

    /** One very fast core, three fast ones, four slow ones. */
    @Test
    void cores_that_are_a_little_slower_than_the_fastest_count() throws IOException {
        coresOf(325, 325, 325, 325, 870, 870, 870, 1024);

        assertThat(Processors.usable(root, 8)).isEqualTo(4);
    }

    @Test
    void many_slow_cores_are_worth_more_than_one_fast_one() throws IOException {
        coresOf(1024, 400, 400, 400, 400);

        assertThat(Processors.usable(root, 5)).isEqualTo(5);
    }

    @Test
    void slow_cores_count_where_the_process_may_use_no_other() throws IOException {
        coresOf(446, 446, 446, 446, 1024, 1024, 1024, 1024);
        write("proc/self/status", "Cpus_allowed_list:\t0-2\n");

        assertThat(Processors.usable(root, 3)).isEqualTo(3);
    }

    @Test
    void cores_without_a_sensible_capacity_are_taken_as_equal() throws IOException {
        coresOf(0, 0, 0);

        assertThat(Processors.usable(root, 3)).isEqualTo(3);
    }

    @Test
    void a_core_that_is_switched_off_does_not_count() throws IOException {
        coresOf(1024, 1024, 1024);
        Files.delete(root.resolve("sys/devices/system/cpu/cpu1/topology/core_cpus_list"));

        assertThat(Processors.usable(root, 3)).isEqualTo(2);
    }

    @Test
    void a_machine_that_tells_nothing_is_taken_as_allowed() {
        assertThat(Processors.usable(root, 6)).isEqualTo(6);
    }

    @Test
    void what_others_use_is_left_to_them() throws IOException {
        machineOfTwoCoresWithTwoThreadsEach();

        assertThat(Processors.spare(root, 4, () -> 0)).isEqualTo(2);
        assertThat(Processors.spare(root, 4, () -> 2)).isEqualTo(2);
        assertThat(Processors.spare(root, 4, () -> 3)).isEqualTo(1);
        assertThat(Processors.spare(root, 4, () -> 40)).isEqualTo(1);
    }

    @Test
    void nonsense_in_the_files_is_ignored() throws IOException {
        write("proc/self/cgroup", "nonsense\n0::/../../etc\n");
        write("sys/fs/cgroup/cpu.max", "what\n");

        assertThat(Processors.usable(root, 6)).isEqualTo(6);
    }

    private void machineOfTwoCoresWithTwoThreadsEach() throws IOException {
        write("sys/devices/system/cpu/cpu0/topology/core_cpus_list", "0,2\n");
        write("sys/devices/system/cpu/cpu1/topology/core_cpus_list", "1,3\n");
        write("sys/devices/system/cpu/cpu2/topology/core_cpus_list", "0,2\n");
        write("sys/devices/system/cpu/cpu3/topology/core_cpus_list", "1,3\n");
    }

    private void coresOf(int... capacities) throws IOException {
        for (var cpu = 0; cpu < capacities.length; cpu++) {
            write("sys/devices/system/cpu/cpu" + cpu + "/topology/core_cpus_list", cpu + "\n");
            write("sys/devices/system/cpu/cpu" + cpu + "/cpu_capacity", capacities[cpu] + "\n");
        }
    }

    private void write(String name, String text) throws IOException {
        var file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
