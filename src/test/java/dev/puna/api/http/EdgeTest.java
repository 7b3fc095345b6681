// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.settings.Settings;
import dev.puna.support.RawExchange;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the recordings do not show. */
@QuarkusTest
@Tag("quarkus")
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EdgeTest {
    @TestHTTPResource("/")
    URI server;

    @Inject
    Routes routes;

    @Inject
    MemoryBudget budget;

    @ParameterizedTest
    @CsvSource({
        "GET, /api/tags/?a=b, 301, /api/tags?a=b",
        "POST, /api/show/, 307, /api/show",
        "GET, //api/tags?x='y'&z, 307, /api/tags?x='y'&z",
        "GET, /api/x/../tags, 307, /api/tags",
    })
    void redirects_keep_the_query(String method, String path, int status, String location) throws IOException {
        try (var exchange = RawExchange.send(server, "", method + " " + path + " HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(status);
            assertThat(exchange.header("Location")).contains(location);
            assertThat(exchange.body()).doesNotContain("&z", "'y'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip", "foo", "chunked, chunked", "gzip, chunked"})
    void what_follows_a_body_of_an_unknown_coding_is_no_request(String coding) throws IOException {
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(
                    "POST /api/show HTTP/1.1", "Host: " + server.getAuthority(), "Transfer-Encoding: " + coding, "");
            if (coding.endsWith("chunked")) {
                exchange.writeLines("0", "");
            }
            exchange.writeLines("GET /api/version HTTP/1.1", "Host: " + server.getAuthority(), "");
            assertThat(exchange.status()).isEqualTo(501);
            assertThat(exchange.body()).isEqualTo("Unsupported transfer encoding");
            assertThat(exchange.isSilent(Duration.ofSeconds(5))).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /api/tags, 4294967298",
        "GET /api/tags, 9223372036854775807",
        "POST /api/show, 4294967298",
        "POST /api/show, 9223372036854775807",
        "DELETE /api/delete, 9223372036854775807",
    })
    void whatever_length_is_told_nothing_is_held_once_it_is_answered(String route, String length) throws Exception {
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(route + " HTTP/1.1", "Host: " + server.getAuthority(), "Content-Length: " + length, "");
            assertThat(exchange.status()).isEqualTo(route.startsWith("GET") ? 200 : 413);
        }
        for (var waited = 0; budget.held() > 0 && waited < 100; waited++) {
            Thread.sleep(50);
        }
        assertThat(budget.held()).isZero();
    }

    @Test
    void what_is_too_long_to_be_read_is_refused_without_waiting_for_room() throws IOException {
        var others = budget.enter(2L * budget.largestBody()).orElseThrow();
        try (others;
                var exchange = RawExchange.open(server)) {
            exchange.writeLines(
                    "POST /api/show HTTP/1.1",
                    "Host: " + server.getAuthority(),
                    "Content-Length: " + (budget.largestBody() + 1L),
                    "");
            assertThat(exchange.status()).isEqualTo(413);
        }
    }

    @Test
    void uploads_of_any_length_leave_their_turn_to_others() throws Exception {
        for (var i = 0; i <= ReadingTurns.MOST; i++) {
            try (var exchange = RawExchange.open(server)) {
                exchange.writeLines(
                        "POST /api/blobs/sha256:" + "0".repeat(64) + " HTTP/1.1",
                        "Host: " + server.getAuthority(),
                        "Content-Length: 9223372036854775807",
                        "");
                // Time to get its turn, or an answer.
                Thread.sleep(20);
            }
        }
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(
                    "POST /api/blobs/sha256:" + "0".repeat(64) + " HTTP/1.1",
                    "Host: " + server.getAuthority(),
                    "Content-Length: 1",
                    "",
                    "a");
            assertThat(exchange.status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "127.0.0.1 folded: a", "[::1", "a:b:c"})
    void a_host_that_is_none_is_refused_in_a_sentence(String host) throws IOException {
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines("GET /api/tags HTTP/1.1", "Host: " + host, "Connection: close", "");
            assertThat(exchange.status()).isEqualTo(400);
            assertThat(exchange.body()).isEqualTo("400 Bad Request: malformed Host header");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/show/, 404",
        "GET, /api/nope, 404",
        "GET, /api/blobs/a/b, 404",
        "GET, /index.html, 404",
        "HEAD, /api/ps, 405",
        "GET, /api/blobs/x, 405",
        "PATCH, /api/chat, 405",
        "TRACE, /api/tags, 405",
        "OPTIONS, /api/nope, 404"
    })
    void what_does_not_exist_is_said_in_plain_text(String method, String path, int status) throws IOException {
        try (var exchange = RawExchange.send(server, "", method + " " + path + " HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(status);
            assertThat(exchange.header("Content-Type")).contains("text/plain");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml;q=0.1", "nonsense", "*/*", ""})
    void nobody_is_refused_for_what_they_accept(String accept) throws IOException {
        try (var exchange = RawExchange.send(server, "", "GET /api/version HTTP/1.1", "Accept: " + accept)) {
            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.header("Content-Type")).contains(ContentTypes.JSON);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/html", "nonsense", "a/b;c=\"", ""})
    void bodies_are_read_whatever_their_content_type(String type) throws IOException {
        try (var exchange = RawExchange.send(
                server, "{\"model\":\"nosuch\"}", "POST /api/show HTTP/1.1", "Content-Type: " + type)) {
            assertThat(exchange.body()).isEqualTo("{\"error\":\"model 'nosuch:latest' not found\"}");
        }
    }

    @Test
    void a_body_that_says_it_is_huge_is_refused_before_it_is_sent() throws IOException {
        try (var exchange =
                RawExchange.send(server, "", "POST /api/show HTTP/1.1", "Content-Length: " + (300L << 20))) {
            assertThat(exchange.status()).isEqualTo(413);
            assertThat(exchange.header("Connection")).contains("close");
            assertThat(exchange.body())
                    .isEqualTo("{\"error\":\"request body is too large (at most %d MiB)\"}"
                            .formatted(new MemoryBudget(Settings.from(Map.of())).largestBody() >> 20));
        }
    }

    @Test
    void a_deep_body_is_refused_and_the_next_request_is_served() throws IOException {
        try (var exchange = RawExchange.send(server, "[".repeat(1_000_000), "POST /api/show HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(400);
            assertThat(exchange.body()).contains("exceeded max depth");
        }
        try (var exchange = RawExchange.send(server, "", "GET /api/version HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /api/version HTTP/1.1, 400",
        "GET /api/version HTTP/1.0, 200",
        "NONSENSE, 400",
        "GET /api/%zz HTTP/1.1, 400"
    })
    void what_is_hardly_http_gets_an_answer(String line, int status) throws IOException {
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(line, "");
            assertThat(exchange.status()).isEqualTo(status);
            assertThat(exchange.body()).doesNotContain("Exception", "Error id");
        }
    }

    @Test
    void requests_follow_each_other_on_one_connection() throws IOException {
        try (var exchange = RawExchange.open(server)) {
            for (var i = 0; i < 3; i++) {
                exchange.writeLines("POST /api/show HTTP/1.1", "Host: localhost", "Content-Length: 2", "");
                exchange.write("{}");
                assertThat(exchange.next().body()).isEqualTo("{\"error\":\"model is required\"}");
            }
        }
    }

    @Test
    void a_client_that_waits_for_leave_to_send_gets_it() throws IOException {
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(
                    "POST /api/show HTTP/1.1", "Host: localhost", "Expect: 100-continue", "Content-Length: 2", "");
            assertThat(exchange.status()).isEqualTo(100);
            exchange.write("{}");
            assertThat(exchange.next().status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/live", "/q/health/ready", "/q/metrics", "/q/openapi"})
    void health_metrics_and_description_are_reachable(String path) throws IOException {
        try (var exchange = RawExchange.send(server, "", "GET " + path + " HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.body()).isNotEmpty();
        }
    }

    @Test
    void the_description_names_every_route() throws IOException {
        try (var exchange = RawExchange.send(server, "", "GET /q/openapi HTTP/1.1")) {
            var paths = exchange.body()
                    .lines()
                    .filter(line -> line.startsWith("  /"))
                    .map(line -> line.strip().replaceAll("\\{.*}", "").replace(":", ""));

            assertThat(paths)
                    .containsExactlyInAnyOrderElementsOf(
                            routes.all().stream().map(Route::path).toList());
        }
    }

    @Test
    void hosts_and_pages_from_elsewhere_do_not_reach_them_either() throws IOException {
        try (var exchange = RawExchange.send(server, "", "GET /q/metrics HTTP/1.1", "Host: evil.example")) {
            assertThat(exchange.status()).isEqualTo(403);
        }
        try (var exchange = RawExchange.send(server, "", "GET /q/metrics HTTP/1.1", "Origin: http://evil.example")) {
            assertThat(exchange.status()).isEqualTo(403);
        }
    }

    @Test
    void the_page_of_this_very_server_needs_no_leave() throws IOException {
        var own = "Origin: http://" + server.getAuthority();
        try (var exchange = RawExchange.send(server, "", "GET /api/version HTTP/1.1", own)) {
            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.header("Access-Control-Allow-Origin")).isEmpty();
        }
    }
}
