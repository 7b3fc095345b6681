// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.PackagedProgram;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class DemoIT {
    @TempDir
    Path home;

    private Optional<ProcessHandle> server = Optional.empty();

    @AfterEach
    void stopServer() throws Exception {
        if (server.isPresent()) {
            server.get().destroy();
            server.get().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void one_command_makes_a_real_model_answer() throws IOException {
        var cache = TestModels.smolLm2().resolve("../../..").normalize();
        var puna = new PackagedProgram(home)
                .with("PUNA_HOST", "127.0.0.1:" + freePort())
                .with("PUNA_THREADS", "1")
                // Bounds the answer, too, which is at most ten contexts long: this small model may ramble.
                .with("PUNA_CONTEXT_LENGTH", "128")
                .with("PUNA_NATIVE_LIBS", TestModels.nativeLibraries().toString())
                .with("XDG_CACHE_HOME", cache.toString());

        var asking = puna.start("run", "demo", "Why is the sky blue?");
        PackagedProgram.Ended first;
        try {
            first = asking.end();
        } finally {
            remember(asking.errors());
        }

        assertThat(first.exitCode()).as(first.errors()).isZero();
        assertThat(first.output().strip()).hasSizeGreaterThan(20);
        assertThat(first.errors()).contains("creating the demo model\n").doesNotContain("Error");

        var second = puna.runReading("Paris is the capital of", "run", "--verbose", "demo", "Answer briefly.");
        assertThat(second.exitCode()).as(second.errors()).isZero();
        assertThat(second.errors()).startsWith("total duration:").doesNotContain("started a server");
        assertThat(puna.run("ps").output()).contains("demo:latest").contains("100% CPU");
    }

    private void remember(String told) {
        var matcher = Pattern.compile("stop it with 'kill (\\d+)'").matcher(told);
        assertThat(matcher.find()).as(told).isTrue();
        server = ProcessHandle.of(Long.parseLong(matcher.group(1)));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
