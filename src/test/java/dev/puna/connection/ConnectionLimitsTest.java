// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.server.Ipv4Listening;
import dev.puna.support.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of connections whose clients do not do their part; the limits are a few tenths of a second. */
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final int BOUND_MILLIS = 15_000;
    private static final String GET = "GET /short HTTP/1.1\r\nHost: x\r\n\r\n";

    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private @Nullable Vertx vertx;
    private int port;

    @AfterEach
    void end() throws Exception {
        for (var socket : sockets) {
            socket.close();
        }
        Connections.limit(ConnectionLimits.NONE);
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    @Test
    void a_connection_that_asks_for_nothing_is_closed() throws Exception {
        serve(new ConnectionLimits(0, SHORT, LONG, LONG, LONG));

        assertThat(isClosed(connect())).isTrue();
    }

    @Test
    void headers_that_come_byte_by_byte_end_the_connection() throws Exception {
        serve(new ConnectionLimits(0, SHORT, LONG, LONG, LONG));
        var client = connect();

        assertThat(closedWhile(
                        client, "X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "GET /short HTTP/1.1\r\n"))
                .isTrue();
    }

    @Test
    void later_headers_have_the_same_time_as_the_first() throws Exception {
        serve(new ConnectionLimits(0, SHORT, LONG, LONG, LONG));
        var client = connect();
        send(client, GET);
        readHead(client);

        assertThat(closedWhile(
                        client, "X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "GET /short HTTP/1.1\r\n"))
                .isTrue();
    }

    @Test
    void a_body_that_comes_byte_by_byte_ends_the_connection() throws Exception {
        serve(new ConnectionLimits(0, LONG, LONG, SHORT, LONG));
        var client = connect();

        assertThat(closedWhile(
                        client, "b".repeat(100), "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"))
                .isTrue();
    }

    @Test
    void a_body_that_is_here_may_wait_for_its_answer() throws Exception {
        serve(new ConnectionLimits(0, SHORT, SHORT, SHORT, SHORT));
        var client = connect();

        send(client, "POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");

        assertThat(readHead(client)).startsWith("HTTP/1.1 200");
    }

    @Test
    void an_answer_that_nobody_reads_ends_the_connection_and_its_work() throws Exception {
        serve(new ConnectionLimits(0, LONG, LONG, LONG, SHORT));
        var client = connect();

        send(client, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");

        Waiting.until(LONG, () -> left.get() == 1);
    }

    @Test
    void an_answer_that_somebody_reads_goes_on() throws Exception {
        // Longer than a busy machine may keep both sides from running.
        var stall = SHORT.multipliedBy(4);
        serve(new ConnectionLimits(0, SHORT, SHORT, SHORT, stall));
        var client = connect();
        send(client, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
        var buffer = new byte[1 << 16];
        var end = System.nanoTime() + 3 * stall.toNanos();

        while (System.nanoTime() < end) {
            assertThat(client.getInputStream().read(buffer)).isPositive();
        }

        assertThat(left).hasValue(0);
    }

    @Test
    void a_connection_is_closed_when_it_has_been_idle_for_too_long() throws Exception {
        serve(new ConnectionLimits(0, LONG, SHORT, LONG, LONG));
        var client = connect();
        send(client, GET);
        readHead(client);

        assertThat(isClosed(client)).isTrue();
    }

    @Test
    void the_one_that_was_idle_for_longest_makes_way_and_those_with_a_request_stay() throws Exception {
        serve(new ConnectionLimits(3, LONG, LONG, LONG, LONG));
        var busy = connect();
        send(busy, "POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
        // A request that the server has not read yet leaves its connection idle.
        Waiting.until(LONG, () -> asked.get() == 1);
        var idle = connect();
        Waiting.until(LONG, () -> Connections.current().size() == 2);
        var younger = connect();
        Waiting.until(LONG, () -> Connections.current().size() == 3);

        var next = connect();
        send(next, GET);

        assertThat(readHead(next)).startsWith("HTTP/1.1 200");
        assertThat(isClosed(idle)).isTrue();
        assertThat(readHead(busy)).startsWith("HTTP/1.1 200");
        send(younger, GET);
        assertThat(readHead(younger)).startsWith("HTTP/1.1 200");
    }

    @Test
    void where_all_have_a_request_the_next_is_closed_at_once() throws Exception {
        serve(new ConnectionLimits(1, LONG, LONG, LONG, LONG));
        var busy = connect();
        send(busy, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
        readHead(busy);

        assertThat(isClosed(connect())).isTrue();
    }

    @Test
    void addresses_are_told_apart_but_for_those_of_one_network_of_IPv6() throws Exception {
        assertThat(number("127.0.0.9")).isEqualTo(NetworkNumber.LOOPBACK).isEqualTo(number("::1"));
        assertThat(number("192.0.2.1")).isNotEqualTo(number("192.0.2.2")).isNotEqualTo(NetworkNumber.LOOPBACK);
        assertThat(number("255.255.255.255")).isNotEqualTo(number("127.255.255.255"));
        assertThat(number("2001:db8::1")).isEqualTo(number("2001:db8::2:3"));
        assertThat(number("2001:db8:0:1::1")).isNotEqualTo(number("2001:db8:0:2::1"));
    }

    private static long number(String address) throws IOException {
        return NetworkNumber.of(InetAddress.getByName(address));
    }

    private void serve(ConnectionLimits limits) throws Exception {
        Connections.limit(limits);
        vertx = new VertxBuilder().findTransport(new Ipv4Listening()).init().vertx();
        var server = vertx.createHttpServer().requestHandler(this::answer);
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    private void answer(HttpServerRequest request) {
        asked.incrementAndGet();
        HalfClose.allow(request);
        request.connection().closeHandler(_ -> left.incrementAndGet());
        switch (request.path()) {
            case "/short" -> request.response().end("short");
            case "/late" ->
                requireNonNull(vertx)
                        .setTimer(4 * SHORT.toMillis(), _ -> request.response().end("late"));
            case "/endless" -> {
                request.response().setChunked(true);
                more(request);
            }
            default -> request.body().onSuccess(_ -> request.response().end("read"));
        }
    }

    private static void more(HttpServerRequest request) {
        var response = request.response();
        while (!response.closed() && !response.writeQueueFull()) {
            response.write(Buffer.buffer(new byte[1 << 14]));
        }
        response.drainHandler(_ -> more(request));
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(1 << 14);
        socket.setSoTimeout(BOUND_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BOUND_MILLIS);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    /** The status line and the rest of what comes with it. */
    private static String readHead(Socket socket) throws IOException {
        var buffer = new byte[1 << 12];
        var length = socket.getInputStream().read(buffer);
        return length < 0 ? "" : new String(buffer, 0, length, US_ASCII);
    }

    /** Whether the server ends a connection before the bound. */
    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException tooLate) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Whether a connection ends while a text is sent on it, after another that comes at once, a byte each tenth of a second. */
    private static boolean closedWhile(Socket socket, String slowly, String atOnce) throws Exception {
        send(socket, atOnce);
        socket.setSoTimeout(100);
        for (var i = 0; i < slowly.length(); i++) {
            try {
                send(socket, slowly.substring(i, i + 1));
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            } catch (java.net.SocketTimeoutException goesOn) {
                // the connection is open
            } catch (IOException reset) {
                return true;
            }
        }
        return false;
    }
}
