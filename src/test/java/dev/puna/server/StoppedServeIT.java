// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.PackagedProgram;
import dev.puna.support.PackagedProgram.Ended;
import dev.puna.support.ServedProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StoppedServeIT {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int MOMENTS = 15;
    private static final String UPLOAD = "POST /api/blobs/sha256:" + "ab".repeat(32)
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n";
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    @TempDir
    Path home;

    /** Before {@code main} runs, a signal ends the process as it ends any; then, too, it has said nothing. */
    @Test
    void a_signal_at_any_moment_of_the_start_ends_it_without_a_word_of_error() throws Exception {
        var whole = timeToListen();
        var signals = heardSignals();

        for (var moment = 0; moment <= MOMENTS; moment++) {
            try (var server = program().start("serve")) {
                Thread.sleep(whole.multipliedBy(moment).dividedBy(MOMENTS));
                server.signal(signals.get(moment % signals.size()));
                var ended = server.end();

                if (!endedAsJvmBegan(ended)) {
                    assertQuiet(ended);
                    assertThat(ended.exitCode() == 0 || ended.errors().isEmpty())
                            .as("%d at moment %d: %s", ended.exitCode(), moment, ended.errors())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void a_second_signal_and_a_third_change_nothing() throws Exception {
        try (var server = program().start("serve")) {
            awaitLine(server, "store.open");
            server.signal("TERM");
            server.signal("TERM");
            server.signal("INT");
            var ended = server.end();

            assertQuiet(ended);
            assertThat(ended.exitCode()).isZero();
        }
    }

    /** Several times, since it is a race between the parts that end. */
    @Test
    void a_server_that_takes_in_a_file_when_it_is_stopped_leaves_nothing_of_it() throws Exception {
        var blobs = home.resolve(".ollama/models/blobs");
        for (var i = 0; i < 3; i++) {
            var address = ServedProgram.freeAddress();
            try (var server = program().with("PUNA_HOST", address).start("serve");
                    var socket = new Socket()) {
                awaitLine(server, "server.listen");
                var port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
                socket.getOutputStream().write(UPLOAD.getBytes(UTF_8));
                socket.getOutputStream().write(new byte[100_000]);
                awaitFile(blobs);

                var ended = server.stop();

                assertThat(ended.exitCode()).isZero();
                assertThat(ended.errors()).contains("server.drain");
                assertQuiet(ended);
                assertThat(blobs).isEmptyDirectory();
            }
        }
    }

    /** A program leaves signals ignored that whoever started it ignores, as {@code nohup} does. Source: {@code proc_pid_status(5)}. */
    private static List<String> heardSignals() throws IOException {
        try (var status = Files.lines(Path.of("/proc/self/status"))) {
            var ignored = status.filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("SigIgn:".length()).strip(), 16))
                    .findFirst()
                    .orElse(0);
            return SIGNALS.entrySet().stream()
                    .filter(signal -> (ignored >> (signal.getValue() - 1) & 1) == 0)
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private static void awaitFile(Path folder) throws Exception {
        var deadline = System.nanoTime() + BOUND.toNanos();
        while (isEmpty(folder)) {
            assertThat(System.nanoTime()).as("a file within %s", BOUND).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return true;
        }
        try (var files = Files.newDirectoryStream(folder)) {
            return !files.iterator().hasNext();
        }
    }

    /** What the JDK says of itself when it is told to stop before it has all its parts; none of our code has run then. */
    private static boolean endedAsJvmBegan(Ended ended) {
        return ended.exitCode() != 0
                && (ended.errors().startsWith("Runtime.exit(")
                        || ended.errors().startsWith("Error occurred during initialization of VM"));
    }

    private static void assertQuiet(Ended ended) {
        assertThat(ended.errors())
                .doesNotContain("\tat ")
                .doesNotContain("Error")
                .doesNotContain("ERROR")
                .doesNotContain("xception");
    }

    private Duration timeToListen() throws Exception {
        var begin = System.nanoTime();
        try (var server = program().start("serve")) {
            awaitLine(server, "server.listen");
            var took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(server.stop().exitCode()).isZero();
            return took;
        }
    }

    private static void awaitLine(PackagedProgram.Running server, String event) throws InterruptedException {
        var deadline = System.nanoTime() + BOUND.toNanos();
        while (!server.errors().contains(event)) {
            assertThat(server.isAlive()).as(server.errors()).isTrue();
            assertThat(System.nanoTime()).as("%s within %s", event, BOUND).isLessThan(deadline);
            Thread.sleep(2);
        }
    }

    private PackagedProgram program() {
        return new PackagedProgram(home).with("PUNA_HOST", "127.0.0.1:0");
    }
}
