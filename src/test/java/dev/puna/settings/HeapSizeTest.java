// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HeapSizeTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({"1, 256", "4, 256", "8, 512", "16, 1024", "128, 1024"})
    void it_follows_the_machine(long gib, long mib) throws IOException {
        memory(gib);
        assertThat(HeapSize.usual(root)).isEqualTo(mib * MIB);
    }

    @Test
    void the_limit_of_a_container_counts() throws IOException {
        memory(64);
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/cgroup"), "0::/\n");
        Files.createDirectories(root.resolve("sys/fs/cgroup"));
        Files.writeString(root.resolve("sys/fs/cgroup/memory.max"), String.valueOf(8L << 30));
        assertThat(HeapSize.usual(root)).isEqualTo(512 * MIB);

        Files.writeString(root.resolve("sys/fs/cgroup/memory.max"), "max\n");
        assertThat(HeapSize.usual(root)).isEqualTo(1024 * MIB);
    }

    @Test
    void a_system_that_does_not_tell_is_taken_for_a_small_one() {
        assertThat(HeapSize.usual(root)).isEqualTo(256 * MIB);
    }

    @ParameterizedTest
    @CsvSource({"512m, 512", "2G, 2048", "1073741824, 1024", "131072k, 128"})
    void the_variable_wins(String said, long mib) {
        assertThat(Settings.from(Map.of("PUNA_HEAP", said)).heapSize()).isEqualTo(mib * MIB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"much", "1m", "-1", "1t", "999999999999g"})
    void what_makes_no_sense_is_refused(String said) {
        assertThatThrownBy(() -> Settings.from(Map.of("PUNA_HEAP", said)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("PUNA_HEAP is \"%s\", but it must be %s; correct or unset it", said, HeapSize.ACCEPTED);
    }

    @Test
    void where_nobody_says_the_machine_decides() {
        assertThat(Settings.from(Map.of()).heapSize()).isBetween(256 * MIB, 1024 * MIB);
    }

    private void memory(long gib) throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(root.resolve("proc/meminfo"), "MemTotal:       %d kB%n".formatted(gib << 20));
    }
}
