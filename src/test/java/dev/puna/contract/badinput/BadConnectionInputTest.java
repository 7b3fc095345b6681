// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.NativeEngineProfile;
import dev.puna.support.RawExchange;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that close their half, send much before the body or many bodies at once. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(180)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadConnectionInputTest extends BadInputTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ONE_TOKEN = "\"stream\":false,\"options\":{\"num_predict\":1}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /api/tags|''|200",
                "GET /api/nope|''|404",
                "POST /api/show|{\"model\":\"xx\"}|404",
                "POST /api/generate|{\"model\":\"besieged\",\"prompt\":\"a\",\"stream\":false,\"options\":{\"num_predict\":2}}|200",
                "POST /api/generate|{\"model\":\"besieged\",\"prompt\":\"a\",\"options\":{\"num_predict\":2}}|200",
                "POST /api/generate|{\"model\":\"besieged\",\"prompt\":\"a\",\"context\":[99999999]}|400",
            })
    void a_client_that_closes_its_half_is_answered(String line, String body, int status) throws Exception {
        try (var exchange = RawExchange.send(address, body, line + " HTTP/1.1", "Connection: close")) {
            exchange.endOutput();
            assertThat(exchange.status()).isEqualTo(status);
            assertThat(exchange.body()).isNotEmpty();
        }
    }

    @Test
    void a_client_that_closes_its_half_within_its_body_is_let_go() throws Exception {
        try (var exchange = RawExchange.send(address, "{\"mod", "POST /api/show HTTP/1.1", "Content-Length: 20")) {
            exchange.endOutput();
            assertThat(exchange.body()).isEmpty();
        } catch (IOException closed) {
            assertThat(closed).as("the connection ends").isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 40_000, 64_000})
    void long_headers_are_taken(int length) throws Exception {
        try (var exchange =
                RawExchange.send(address, "", "GET /api/version HTTP/1.1", "Cookie: " + "c".repeat(length))) {
            assertThat(exchange.status()).isEqualTo(200);
        }
    }

    @Test
    void headers_without_end_are_refused() throws Exception {
        try (var exchange =
                RawExchange.send(address, "", "GET /api/version HTTP/1.1", "Cookie: " + "c".repeat(400_000))) {
            assertThat(exchange.status()).isEqualTo(431);
        }
    }

    @ParameterizedTest
    @CsvSource({"5000, 200", "16000, 200", "40000, 414"})
    void a_long_target(int length, int status) throws Exception {
        try (var exchange = RawExchange.send(address, "", "GET /api/version?q=" + "t".repeat(length) + " HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /api/version", "GET /nope", "PATCH /api/chat"})
    void each_answer_says_when_it_was_made(String line) throws Exception {
        try (var exchange = RawExchange.send(address, "", line + " HTTP/1.1")) {
            var date = exchange.header("Date").orElseThrow();
            var said = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            assertThat(Duration.between(said, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void images_for_a_model_without_sight_are_told_at_once() {
        var image = "iVBO".repeat(250_000);
        for (var i = 0; i < 16; i++) {
            server.post(
                            "/api/chat",
                            "{'model':'besieged','messages':[{'role':'user','content':'a','images':['" + image
                                    + "']}]}")
                    .isRefused(400, "does not support images");
        }
    }

    @Test
    void base64_that_is_none_names_the_place() {
        server.post("/api/chat", "{'model':'besieged','messages':[{'role':'user','images':['iVBO!']}]}")
                .isRefused(400, "illegal base64 data at input byte 4");
    }

    /** Their bodies together are more than there is memory for at once. */
    @Test
    void two_hundred_clients_with_a_long_body_each_are_all_answered() throws Exception {
        var prompt = "word ".repeat(50_000);
        var body = "{\"model\":\"besieged\",\"prompt\":\"" + prompt + "\"," + ONE_TOKEN + ",\"raw\":true}";
        try (var clients = Executors.newFixedThreadPool(50)) {
            var all = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < 200; i++) {
                all.add(() -> status(body));
            }
            for (var answer : clients.invokeAll(all, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
    }

    private int status(String body) {
        return server.send("POST", "/api/generate", body.getBytes(UTF_8)).status();
    }
}
