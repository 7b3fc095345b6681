// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.DatagramSocketFile;
import dev.puna.support.PackagedProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SupervisedServeIT {
    @TempDir
    Path home;

    @Test
    void the_packaged_server_tells_its_supervisor_that_it_is_ready_lives_and_stops() throws Exception {
        var path = home.resolve("notify").toString();
        try (var socket = new DatagramSocketFile(path);
                var server = new PackagedProgram(home)
                        .with("PUNA_HOST", "127.0.0.1:0")
                        .with("PUNA_SHUTDOWN_GRACE", "3s")
                        .with("NOTIFY_SOCKET", path)
                        .with("WATCHDOG_USEC", "2000000")
                        .start("serve")) {
            assertThat(socket.next()).startsWith("READY=1|STATUS=Listening on 127.0.0.1, port ");
            assertThat(socket.next())
                    .isEqualTo("WATCHDOG=1|STATUS=Models in memory: 0; requests running: 0, waiting: 0");

            assertThat(server.stop().exitCode()).isZero();
            assertThat(socket.next("STOPPING=1")).contains("|EXTEND_TIMEOUT_USEC=13000000|");
        }
    }
}
