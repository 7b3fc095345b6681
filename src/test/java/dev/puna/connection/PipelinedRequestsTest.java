// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send a request before the one ahead of it has been answered. */
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PipelinedRequestsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SILENT = "GET /silent HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final long LATE_MILLIS = 300;

    /** Bytes, more than what the sockets of both sides hold. */
    private static final long MOST_SENT = 64L << 20;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private int port;

    @BeforeEach
    void serve() throws Exception {
        var server = vertx.createHttpServer().requestHandler(this::answer);
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    @AfterEach
    void end() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void who_leaves_within_the_second_request_ends_the_work_on_the_first() throws Exception {
        try (var client = connect()) {
            send(client, SILENT + post(10, "ab"));
            Waiting.until(PATIENCE, () -> asked.get() == 1);
        }

        Waiting.until(PATIENCE, () -> left.get() == 1);
    }

    @Test
    void who_closes_the_sending_half_within_the_second_request_ends_the_work_on_the_first() throws Exception {
        try (var client = connect()) {
            send(client, SILENT + post(10, "ab"));
            Waiting.until(PATIENCE, () -> asked.get() == 1);
            client.shutdownOutput();

            Waiting.until(PATIENCE, () -> left.get() == 1);
        }
    }

    @Test
    void all_are_answered_in_their_order_however_long_they_are() throws Exception {
        try (var client = connect()) {
            var all = new StringBuilder();
            var lengths = new int[] {3, 200_000, 0, 70_000, 1, 1_000_000, 5};
            for (var length : lengths) {
                all.append(post(length, "b".repeat(length)));
            }
            send(client, all.toString());
            client.shutdownOutput();

            var answers = new String(client.getInputStream().readAllBytes(), US_ASCII);

            assertThat(answers.lines().filter(line -> line.startsWith("read ")))
                    .containsExactly(
                            "read 3", "read 200000", "read 0", "read 70000", "read 1", "read 1000000", "read 5");
        }
    }

    @Test
    void what_follows_the_last_request_of_a_connection_is_not_looked_at() throws Exception {
        try (var client = connect()) {
            send(client, "GET /last HTTP/1.1\r\nHost: x\r\n\r\n" + SILENT + post(10, "ab"));

            var answers = new String(client.getInputStream().readAllBytes(), US_ASCII);

            assertThat(answers).endsWith("last").containsOnlyOnce("HTTP/1.1");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void no_more_is_read_of_who_sends_request_after_request_and_waits_for_no_answer() throws Exception {
        try (var client = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.configureBlocking(false);
            var requests = SILENT.repeat(10_000).getBytes(US_ASCII);
            var sent = 0L;
            // Until nothing has been taken for a second.
            for (var last = System.nanoTime(); System.nanoTime() - last < 1_000_000_000L && sent < MOST_SENT; ) {
                var count = client.write(ByteBuffer.wrap(requests));
                sent += count;
                last = count > 0 ? System.nanoTime() : last;
            }

            assertThat(sent).isLessThan(MOST_SENT);
        }
    }

    private void answer(HttpServerRequest request) {
        asked.incrementAndGet();
        HalfClose.allow(request);
        if (request.path().equals("/silent")) {
            request.response().exceptionHandler(_ -> left.incrementAndGet());
        } else if (request.path().equals("/last")) {
            vertx.setTimer(
                    LATE_MILLIS,
                    _ -> request.response().putHeader("Connection", "close").end("last"));
        } else {
            request.body()
                    .onSuccess(body ->
                            vertx.setTimer(LATE_MILLIS, _ -> request.response().end("read " + body.length() + "\n")));
        }
    }

    private static String post(int length, String body) {
        return "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }
}
