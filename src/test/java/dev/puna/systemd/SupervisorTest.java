// SPDX-License-Identifier: Apache-2.0
package dev.puna.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.DatagramSocketFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SupervisorTest {
    @TempDir
    Path folder;

    @Test
    void it_hears_that_the_server_is_ready_lives_and_stops() throws Exception {
        var path = folder.resolve("notify").toString();
        try (var socket = new DatagramSocketFile(path)) {
            var supervisor = at(path);

            assertThat(supervisor.ready("Listening")).isTrue();
            assertThat(supervisor.alive("2 models")).isTrue();
            assertThat(supervisor.stopping("Draining", Duration.ofSeconds(20))).isTrue();

            assertThat(socket.next()).isEqualTo("READY=1|STATUS=Listening");
            assertThat(socket.next()).isEqualTo("WATCHDOG=1|STATUS=2 models");
            assertThat(socket.next()).isEqualTo("STOPPING=1|EXTEND_TIMEOUT_USEC=20000000|STATUS=Draining");
        }
    }

    @Test
    void its_socket_may_have_an_abstract_name() throws Exception {
        var name = "@puna-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        try (var socket = new DatagramSocketFile(name)) {
            assertThat(at(name).ready("ü")).isTrue();

            assertThat(socket.next()).isEqualTo("READY=1|STATUS=ü");
        }
    }

    @Test
    void a_status_is_one_line_whatever_it_holds() throws Exception {
        var path = folder.resolve("notify").toString();
        try (var socket = new DatagramSocketFile(path)) {
            assertThat(at(path).alive("one\nMAINPID=1")).isTrue();

            assertThat(socket.next()).isEqualTo("WATCHDOG=1|STATUS=one MAINPID=1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere/at/all", "@nobody-listens-here", "relative", "vsock:2:1234", "@", "/"})
    void where_nobody_listens_is_told_within_a_second(String address) {
        var begin = System.nanoTime();

        assertThat(at(address).ready("Listening")).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void an_address_longer_than_the_system_takes_is_not_tried() {
        assertThat(at("/" + "x".repeat(200)).ready("Listening")).isFalse();
    }

    @Test
    void without_a_socket_there_is_none() {
        assertThat(Supervisor.from(Map.of("WATCHDOG_USEC", "1000000"))).isEmpty();
        assertThat(Supervisor.from(Map.of("NOTIFY_SOCKET", ""))).isEmpty();
    }

    @Test
    void it_watches_only_if_it_says_so_and_means_this_process() {
        var self = Long.toString(ProcessHandle.current().pid());

        assertThat(watchdog("30000000", self)).contains(Duration.ofSeconds(30));
        assertThat(watchdog("30000000", "1")).isEmpty();
        assertThat(watchdog("0", self)).isEmpty();
        assertThat(watchdog("soon", self)).isEmpty();
        assertThat(at("/run/notify").watchdog()).isEmpty();
    }

    private static Optional<Duration> watchdog(String microseconds, String process) {
        var variables = Map.of("NOTIFY_SOCKET", "/run/notify", "WATCHDOG_USEC", microseconds, "WATCHDOG_PID", process);
        return Supervisor.from(variables).orElseThrow().watchdog();
    }

    private static Supervisor at(String address) {
        return Supervisor.from(Map.of("NOTIFY_SOCKET", address)).orElseThrow();
    }
}
