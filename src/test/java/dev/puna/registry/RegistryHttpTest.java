// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.puna.network.SystemTrust;
import dev.puna.registry.http.ConnectionReason;
import dev.puna.registry.http.RegistryHttp;
import dev.puna.registry.http.RegistryRequest;
import dev.puna.registry.http.RequestBody;
import dev.puna.support.FakeRegistry;
import dev.puna.support.SharedVertx;
import dev.puna.support.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client by which registries are asked. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegistryHttpTest {
    private final FakeRegistry server = new FakeRegistry();
    private final RegistryHttp http = client(Optional.empty());

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_connection_goes_to_the_address_that_was_looked_at_under_the_name_of_the_host() throws IOException {
        var hosts = new CopyOnWriteArrayList<String>();
        server.plan(exchange -> hosts.add(exchange.getRequestHeaders().getFirst("Host")) && answer(exchange, 200));
        var name = "name.invalid:" + server.address().getPort();
        var request = RegistryRequest.of("GET", URI.create("http://" + name + "/"), Map.of())
                .to(URI.create("http://" + name + "/"), List.of(InetAddress.getLoopbackAddress()), Map.of());

        try (var response = http.send(request)) {
            assertThat(response.status()).isEqualTo(200);
        }

        assertThat(hosts).containsExactly(name);
    }

    @Test
    void a_PATCH_brings_its_body_and_a_connection_is_used_again() throws Exception {
        var seen = new CopyOnWriteArrayList<String>();
        server.plan(exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            seen.add(exchange.getRequestMethod() + " " + body.length + " from "
                    + exchange.getRemoteAddress().getPort());
            return answer(exchange, 202);
        });
        var body = RequestBody.of(new byte[1_000_000]);

        for (var i = 0; i < 2; i++) {
            try (var response = http.send(request("PATCH", server.host()).with(body))) {
                assertThat(response.status()).isEqualTo(202);
                assertThat(response.read(10)).isEmpty();
            }
            // The connection is free a moment after the answer has ended.
            Thread.sleep(100);
        }

        assertThat(seen).hasSize(2).allMatch(one -> one.startsWith("PATCH 1000000 from "));
        assertThat(seen.getFirst()).isEqualTo(seen.getLast());
    }

    @Test
    void a_body_that_is_not_wanted_is_not_sent_to_its_end() throws IOException {
        var length = 200_000_000L;
        var opened = new AtomicLong();
        server.plan(exchange -> answer(exchange, 307));
        var body = new RequestBody(
                length,
                () -> new InputStream() {
                    @Override
                    public int read() {
                        return 0;
                    }

                    @Override
                    public int read(byte[] into, int offset, int count) {
                        opened.addAndGet(count);
                        return count;
                    }
                },
                Duration.ofSeconds(2));

        try (var response = http.send(request("PATCH", server.host()).with(body))) {
            assertThat(response.status()).isEqualTo(307);
        }

        assertThat(opened.get()).isZero();
    }

    @Test
    void of_an_answer_that_nobody_reads_only_little_is_taken() throws Exception {
        var sent = new AtomicLong();
        server.plan(exchange -> {
            var piece = new byte[1 << 16];
            exchange.sendResponseHeaders(200, 0);
            for (var i = 0; i < 3_000; i++) {
                exchange.getResponseBody().write(piece);
                sent.addAndGet(piece.length);
            }
            return true;
        });

        try (var response = http.send(request("GET", server.host()))) {
            Thread.sleep(500);
            assertThat(sent.get()).isLessThan(50_000_000);
            assertThat(response.body().readNBytes(1_000_000)).hasSize(1_000_000);
        }
    }

    @Test
    void an_interrupt_ends_a_request_and_the_connection() throws Exception {
        var asked = new CountDownLatch(1);
        server.plan(exchange -> {
            asked.countDown();
            sleep(2_000);
            return answer(exchange, 200);
        });
        var failure = new AtomicReference<IOException>();
        var thread = Thread.ofVirtual().start(() -> {
            try (var _ = http.send(request("GET", server.host()))) {
                throw new AssertionError("an answer");
            } catch (IOException e) {
                failure.set(e);
            }
        });
        asked.await();

        thread.interrupt();

        assertThat(thread.join(Duration.ofSeconds(1))).isTrue();
        assertThat(failure.get()).hasMessage("interrupted");
    }

    @Test
    void silence_ends_a_request() {
        server.plan(exchange -> {
            sleep(4_000);
            return answer(exchange, 200);
        });

        assertReason(http, "http://" + server.host() + "/", "net/http: timeout awaiting response headers");
    }

    @Test
    void who_is_not_trusted_is_not_spoken_to() throws Exception {
        var certificate = TestCertificate.of("localhost", folder);
        var trust = new SystemTrust(Map.of("SSL_CERT_FILE", certificate.file().toString())).context();
        try (var secure = new FakeRegistry(certificate)) {
            var port = secure.address().getPort();
            assertReason(http, "https://localhost:%d/".formatted(port), "tls: ");
            // Who is trusted by another name is not trusted by this one.
            assertReason(client(trust), "https://127.0.0.1:%d/".formatted(port), "tls: ");
            assertThat(secure.requests()).isEmpty();

            var request = RegistryRequest.of("GET", URI.create("https://localhost:%d/".formatted(port)), Map.of());
            try (var response = client(trust).send(request)) {
                assertThat(response.status()).isEqualTo(404);
            }
        }
    }

    @Test
    void a_server_without_TLS_is_told_as_such() throws IOException {
        try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = plain.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                    socket.getInputStream().readAllBytes();
                } catch (IOException _) {
                    // The client has gone.
                }
            });

            assertReason(
                    http,
                    "https://127.0.0.1:%d/".formatted(plain.getLocalPort()),
                    "http: server gave HTTP response to HTTPS client ('insecure' asks by http)");
        }
    }

    @Test
    void a_name_that_nobody_knows_is_told_as_such() {
        assertReason(http, "http://nobody.invalid/", "dial tcp: lookup nobody.invalid: no such host");
    }

    @Test
    void an_answer_that_is_none_is_told_in_words() throws Exception {
        server.plan(exchange -> {
            exchange.close();
            return true;
        });

        assertReason(http, "http://" + server.host() + "/", "EOF");
    }

    @Test
    void a_connection_that_ends_before_an_answer_is_no_failure_of_what_can_be_repeated() throws IOException {
        server.planTimes(1, "/", exchange -> {
            exchange.close();
            return true;
        });

        try (var response = http.send(request("HEAD", server.host()))) {
            assertThat(response.status()).isEqualTo(404);
        }
    }

    private static void assertReason(RegistryHttp http, String address, String reason) {
        var uri = URI.create(address);
        assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> {
                            try (var response = http.send(RegistryRequest.of("GET", uri, Map.of()))) {
                                return "status " + response.status();
                            } catch (IOException e) {
                                throw new IllegalStateException(ConnectionReason.of("GET", uri, e), e);
                            }
                        })
                        .get(20, TimeUnit.SECONDS))
                .cause()
                .hasMessageStartingWith("Get \"%s\": %s".formatted(address, reason));
    }

    private static RegistryRequest request(String method, String host) {
        return RegistryRequest.of(method, URI.create("http://" + host + "/"), Map.of());
    }

    private static RegistryHttp client(Optional<SSLContext> trust) {
        return new RegistryHttp(SharedVertx.get(), trust, ProxySelector.getDefault(), Duration.ofSeconds(2), "test");
    }

    private static boolean answer(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        return true;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
