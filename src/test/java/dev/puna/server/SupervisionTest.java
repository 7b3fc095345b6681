// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.scheduling.Occupancy;
import dev.puna.support.DatagramSocketFile;
import dev.puna.systemd.Supervisor;
import io.netty.channel.DefaultEventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SupervisionTest {
    /** Of the watchdog, in microseconds; life is reported twice as often. */
    private static final String INTERVAL = "400000";

    private static final Duration LONGER = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(3);

    @AfterEach
    void end() {
        assertThat(loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void life_is_reported_again_and_again_with_what_goes_on() throws Exception {
        try (var socket = new DatagramSocketFile(path())) {
            watched(new Occupancy(1, 2, 3)).listening("::1", 8080);

            assertThat(socket.next()).isEqualTo("READY=1|STATUS=Listening on ::1, port 8080");
            for (var i = 0; i < 3; i++) {
                assertThat(socket.next())
                        .isEqualTo("WATCHDOG=1|STATUS=Models in memory: 2; requests running: 3, waiting: 1");
            }
        }
    }

    @Test
    void while_one_event_loop_hangs_no_life_is_reported() throws Exception {
        var hang = new CountDownLatch(1);
        try (var socket = new DatagramSocketFile(path())) {
            loops.next().execute(() -> await(hang));
            watched(new Occupancy(0, 0, 0)).listening("127.0.0.1", 1);

            assertThat(socket.next()).startsWith("READY=1");
            assertThat(socket.next(LONGER)).isNull();
            hang.countDown();
            assertThat(socket.next()).startsWith("WATCHDOG=1");
        }
    }

    @Test
    void while_the_scheduler_hangs_no_life_is_reported() throws Exception {
        var hang = new CountDownLatch(1);
        try (var socket = new DatagramSocketFile(path())) {
            new Supervision(Supervisor.from(variables()), loops, () -> {
                        await(hang);
                        return new Occupancy(0, 0, 0);
                    })
                    .listening("127.0.0.1", 1);

            assertThat(socket.next()).startsWith("READY=1");
            assertThat(socket.next(LONGER)).isNull();
            hang.countDown();
        }
    }

    @Test
    void a_stop_is_announced_with_the_time_it_may_take() throws Exception {
        try (var socket = new DatagramSocketFile(path())) {
            watched(new Occupancy(0, 0, 0)).stopping(Duration.ofSeconds(20));

            assertThat(socket.next()).startsWith("STOPPING=1|EXTEND_TIMEOUT_USEC=20000000|STATUS=");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Supervision watched(Occupancy now) {
        return new Supervision(Supervisor.from(variables()), loops, () -> now);
    }

    private Map<String, String> variables() {
        return Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", INTERVAL);
    }

    private String path() {
        return folder.resolve("notify").toString();
    }
}
