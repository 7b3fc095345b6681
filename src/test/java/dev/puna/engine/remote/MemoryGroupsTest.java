// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Control groups as plain folders; {@link RealMemoryGroupsTest} has real ones. */
@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class MemoryGroupsTest {
    @TempDir
    Path service;

    @Test
    void there_are_some_only_where_the_server_is_in_a_group_for_it_in_one_that_divides_memory() throws IOException {
        var server = Files.createDirectory(service.resolve("puna-server"));
        assertThat(MemoryGroups.among(Stream.of(server, service))).isEmpty();

        Files.writeString(service.resolve("cgroup.controllers"), "cpu pids memory_other\n");
        assertThat(MemoryGroups.among(Stream.of(server, service))).isEmpty();

        Files.writeString(service.resolve("cgroup.controllers"), "cpu memory pids\n");
        assertThat(MemoryGroups.among(Stream.of(server, service))).isPresent();
        assertThat(MemoryGroups.among(Stream.of(service.resolve("other"), service)))
                .isEmpty();
        assertThat(MemoryGroups.among(Stream.of())).isEmpty();
    }

    @Test
    void a_beginning_has_memory_divided_and_removes_what_is_left_of_others_before() throws IOException {
        var groups = groups(service);
        var left = Files.createDirectory(service.resolve("puna-model-77-1"));
        var inUse = Files.createDirectories(service.resolve("puna-model-78-1/process"));
        var anothers = Files.createDirectory(service.resolve("another"));

        groups.begin();

        assertThat(service.resolve("cgroup.subtree_control")).hasContent("+memory");
        assertThat(left).doesNotExist();
        assertThat(inUse).exists();
        assertThat(anothers).exists();
    }

    @Test
    void each_process_is_put_into_one_with_a_limit() throws IOException {
        var groups = groups(service);

        var first = groups.hold(77, 5_000);
        var second = groups.hold(78, 6_000);

        assertThat(first.folder()).isNotEqualTo(second.folder()).hasParent(service);
        assertThat(first.folder().resolve("memory.max")).hasContent("5000");
        assertThat(first.folder().resolve("cgroup.procs")).hasContent("77");
        assertThat(second.folder().resolve("memory.max")).hasContent("6000");
    }

    @Test
    void it_tells_whether_the_kernel_has_killed_in_it() throws IOException {
        var group = groups(service).hold(77, 5_000);
        assertThat(group.hasKilled()).isFalse();

        var events = group.folder().resolve("memory.events");
        Files.writeString(events, "low 0\nhigh 0\nmax 12\noom 3\noom_kill 0\noom_group_kill 0\n");
        assertThat(group.hasKilled()).isFalse();
        Files.writeString(events, "low 0\nhigh 0\nmax 12\noom 3\noom_kill 1\noom_group_kill 0\n");
        assertThat(group.hasKilled()).isTrue();
    }

    @Test
    void a_process_that_cannot_be_put_into_one_is_left_where_it_was() throws IOException {
        var groups = groups(service);
        Files.createFile(service.resolve("puna-model-" + ProcessHandle.current().pid() + "-1"));

        assertThatThrownBy(() -> groups.hold(77, 5_000)).isInstanceOf(IOException.class);
    }

    private static MemoryGroups groups(Path service) throws IOException {
        var server = Files.createDirectories(service.resolve("puna-server"));
        Files.writeString(service.resolve("cgroup.controllers"), "memory\n");
        return MemoryGroups.among(Stream.of(server)).orElseThrow();
    }
}
