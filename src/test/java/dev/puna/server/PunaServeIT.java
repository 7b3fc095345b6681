// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.puna.support.PackagedProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PunaServeIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @Test
    void it_listens_where_it_is_told_and_ends_with_0_when_it_is_stopped() throws Exception {
        var port = freePort();
        try (var server = program(port).start("serve")) {
            awaitReady(server, port);

            assertThat(get(port, "/q/health/ready")).isEqualTo(200);
            assertThat(get(port, "/q/metrics")).isEqualTo(200);
            assertThat(get(port, "/q/openapi")).isEqualTo(200);
            var ended = server.stop();

            assertThat(ended.exitCode()).isZero();
            assertThat(ended.errors())
                    .contains("server.listen host=127.0.0.1 port=" + port)
                    .contains("server.drain active=0");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void an_address_of_IPv4_is_listened_on_with_a_socket_of_IPv4() throws Exception {
        var port = freePort();
        try (var server = program(port).start("serve")) {
            awaitReady(server, port);
            var address = "0100007F:%04X 00000000:0000 0A".formatted(port);

            assertThat(Files.readString(Path.of("/proc/net/tcp"))).contains(address);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void an_executable_that_has_nothing_to_do_takes_at_most_40_MB() throws Exception {
        var port = freePort();
        try (var server = program(port).start("serve")) {
            awaitReady(server, port);
            assumeFalse(server.isOnJvm(), "a JVM takes more");

            var deadline = System.nanoTime() + BOUND.toNanos();
            while (server.residentBytes() > 40_000_000) {
                assertThat(System.nanoTime())
                        .as("%d bytes within %s", server.residentBytes(), BOUND)
                        .isLessThan(deadline);
                Thread.sleep(100);
            }
        }
    }

    @Test
    void a_port_in_use_is_one_sentence_and_exit_code_1() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ended = program(taken.getLocalPort()).run("serve");

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.output()).isEmpty();
            assertThat(ended.errors())
                    .isEqualTo("Error: listen tcp 127.0.0.1:%d: bind: address already in use%n"
                            .formatted(taken.getLocalPort()));
        }
    }

    @Test
    void a_variable_that_makes_no_sense_is_one_sentence_and_exit_code_1() {
        var ended = program(0).with("OLLAMA_KEEP_ALIVE", "soon").run("serve");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors())
                .isEqualTo("Error: OLLAMA_KEEP_ALIVE is \"soon\", but it must be a duration like 5m, 90s or 1h30m,"
                        + " or a number of seconds; correct or unset it" + System.lineSeparator());
    }

    @Test
    void a_store_that_cannot_be_opened_is_one_sentence_and_exit_code_1() throws IOException {
        var file = Files.writeString(home.resolve("file"), "not a folder");

        var ended = program(0).with("PUNA_MODELS", file.toString()).run("serve");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors().lines().filter(line -> line.startsWith("Error: ")))
                .singleElement()
                .asString()
                .contains(file.toString());
        assertThat(ended.errors()).doesNotContain("\tat ");
    }

    @Test
    void without_native_libraries_it_starts_and_says_so() throws Exception {
        var port = freePort();
        var nowhere = home.resolve("nowhere");
        try (var server =
                program(port).with("PUNA_NATIVE_LIBS", nowhere.toString()).start("serve")) {
            awaitReady(server, port);

            assertThat(server.errors().lines().filter(line -> line.contains("native.missing folder=" + nowhere)))
                    .hasSize(1);
            assertThat(server.stop().exitCode()).isZero();
        }
    }

    /** More than the whole heap, of a length that is not told before. */
    @ParameterizedTest
    @CsvSource({"/api/generate,413", "/api/blobs/sha256:nonsense,400"})
    void a_body_without_end_is_refused_and_takes_no_memory(String path, int status) throws Exception {
        var port = freePort();
        try (var server = program(port).start("serve")) {
            awaitReady(server, port);
            var megabyte = new byte[1 << 20];
            Arrays.fill(megabyte, (byte) '[');
            var body = BodyPublishers.ofByteArrays(Collections.nCopies(300, megabyte));
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(BOUND)
                    .POST(body);

            for (var i = 0; i < 2; i++) {
                assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                        .isEqualTo(status);
            }

            assertThat(get(port, "/api/version")).isEqualTo(200);
            assertThat(server.stop().errors()).doesNotContain("OutOfMemory");
        }
    }

    @Test
    void a_connection_serves_requests_for_longer_than_an_unread_body_is_waited_for() throws Exception {
        var port = freePort();
        try (var server = program(port).start("serve")) {
            awaitReady(server, port);
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout((int) BOUND.toMillis());
                assertThat(exchange(socket, "GET /api/version", "")).startsWith("HTTP/1.1 200");
                assertThat(exchange(socket, "POST /api/show", "{\"model\":\"a\"}"))
                        .startsWith("HTTP/1.1 404");
                assertThat(exchange(socket, "POST /no/such/path", "nobody reads this"))
                        .startsWith("HTTP/1.1 404");
                Thread.sleep(10_500);
                assertThat(exchange(socket, "GET /api/version", "")).startsWith("HTTP/1.1 200");
            }
        }
    }

    /** Sends a request on a connection that stays open, and reads the head and body of the answer. */
    private static String exchange(Socket socket, String request, String body) throws IOException {
        var text = request + " HTTP/1.1\r\nHost: localhost\r\n"
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body;
        socket.getOutputStream().write(text.getBytes(UTF_8));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = socket.getInputStream().read();
            assertThat(next).as("the connection is open after: " + head).isNotNegative();
            head.append((char) next);
        }
        var length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
        return head.toString();
    }

    private PackagedProgram program(int port) {
        return new PackagedProgram(home).with("PUNA_HOST", "127.0.0.1:" + port);
    }

    private void awaitReady(PackagedProgram.Running server, int port) throws InterruptedException {
        var deadline = System.nanoTime() + BOUND.toNanos();
        while (get(port, "/q/health/ready") != 200) {
            assertThat(server.isAlive()).as(server.errors()).isTrue();
            assertThat(System.nanoTime()).as("ready within %s", BOUND).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** The status of an answer; 0 while nobody listens. */
    private int get(int port, String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException _) {
            return 0;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
