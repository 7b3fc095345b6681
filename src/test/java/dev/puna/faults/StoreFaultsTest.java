// SPDX-License-Identifier: Apache-2.0
package dev.puna.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.CCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the disk does while models are made, copied, deleted, pulled and pruned, at each call that changes something: no model is
 * lost or half there, whoever asked is told, and afterwards all works. {@code -Dfaults.oneof=1} tries all cases.
 */
@EnabledOnOs(OS.LINUX)
class StoreFaultsTest {
    private static final int ONE_OF = Integer.getInteger("faults.oneof", 10);
    private static final long PATIENCE_SECONDS = 900;

    @TempDir
    Path folder;

    @Test
    @Timeout(1_000)
    void whatever_the_disk_does_the_store_is_whole() throws IOException, InterruptedException {
        var library = CCompiler.in(folder)
                .library(Files.readString(Path.of("src/test/resources/faults/faulty_disk.c")), "faulty_disk.so");
        var output = folder.resolve("output");
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreFaults.class.getName(),
                        library.toString(),
                        Files.createDirectory(folder.resolve("work")).toString(),
                        Integer.toString(ONE_OF)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("LD_PRELOAD", library.toString());
        var process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        var said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said)
                .containsPattern("store faults: [1-9]\\d+ cases, [1-9]\\d+ of them failed as they should, 0 wrong");
        System.out.println(said.lines().toList().getLast());
    }
}
