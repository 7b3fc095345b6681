// SPDX-License-Identifier: Apache-2.0
package dev.puna.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessMemoryTest {

    @Test
    void pages_of_files_go_and_the_program_runs_on() throws IOException {
        var before = pagesOfFiles();

        ProcessMemory.giveBack();

        assertThat(pagesOfFiles()).isLessThan(before);
        assertThat(FileChannel.class.getName()).isEqualTo("java.nio.channels.FileChannel");
    }

    /** In KiB. */
    private static long pagesOfFiles() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("RssFile:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
