// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.http.StreamProbe.Piece;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.NotFound;
import dev.puna.support.RawExchange;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@Tag("quarkus")
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class StreamedResponseTest {
    @TestHTTPResource("/")
    URI server;

    @Inject
    StreamProbe probe;

    @BeforeEach
    void fresh() {
        probe.reset();
    }

    @Test
    void each_item_is_a_line_that_is_sent_before_the_next_one_exists() throws Exception {
        try (var exchange = get("/q/probe/lines")) {
            subscribed();
            probe.pieces.onNext(new Piece("a<b"));

            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.header("Content-Type")).contains("application/x-ndjson");
            assertThat(exchange.header("Transfer-Encoding")).contains("chunked");
            assertThat(exchange.chunk()).isEqualTo("{\"text\":\"a\\u003cb\"}\n");

            probe.pieces.onNext(new Piece("b"));
            assertThat(exchange.chunk()).isEqualTo("{\"text\":\"b\"}\n");

            probe.pieces.onComplete();
            assertThat(exchange.chunk()).isEmpty();
        }
    }

    @Test
    void items_made_together_are_still_sent_one_by_one() throws Exception {
        try (var exchange = get("/q/probe/lines")) {
            subscribed();
            for (var i = 0; i < 3; i++) {
                probe.pieces.onNext(new Piece("p" + i));
            }
            probe.pieces.onComplete();

            assertThat(exchange.chunk()).isEqualTo("{\"text\":\"p0\"}\n");
            assertThat(exchange.chunk()).isEqualTo("{\"text\":\"p1\"}\n");
            assertThat(exchange.chunk()).isEqualTo("{\"text\":\"p2\"}\n");
            assertThat(exchange.chunk()).isEmpty();
        }
    }

    @Test
    void a_failure_before_the_first_item_decides_the_status() throws Exception {
        try (var exchange = get("/q/probe/lines")) {
            subscribed();
            probe.pieces.onError(new NotFound("model 'x' not found"));

            assertThat(exchange.status()).isEqualTo(404);
            assertThat(exchange.header("Content-Type")).contains("application/json");
            assertThat(exchange.body()).isEqualTo("{\"error\":\"model 'x' not found\"}");
        }
    }

    @Test
    void a_failure_after_the_first_item_becomes_the_last_line() throws Exception {
        try (var exchange = get("/q/probe/lines")) {
            subscribed();
            probe.pieces.onNext(new Piece("a"));
            probe.pieces.onError(new NativeFailure("cannot decode"));

            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.body()).isEqualTo("{\"text\":\"a\"}\n{\"error\":\"cannot decode\"}\n");
        }
    }

    @Test
    void without_streaming_the_items_are_folded_into_one_object() throws Exception {
        try (var exchange = get("/q/probe/whole")) {
            subscribed();
            probe.pieces.onNext(new Piece("a"));
            probe.pieces.onNext(new Piece("b"));
            probe.pieces.onComplete();

            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(exchange.header("Content-Length")).contains("13");
            assertThat(exchange.body()).isEqualTo("{\"text\":\"ab\"}");
        }
    }

    @Test
    void without_streaming_a_failure_anywhere_decides_the_status() throws Exception {
        try (var exchange = get("/q/probe/whole")) {
            subscribed();
            probe.pieces.onNext(new Piece("a"));
            probe.pieces.onError(new NativeFailure("cannot decode"));

            assertThat(exchange.status()).isEqualTo(500);
            assertThat(exchange.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(exchange.body()).isEqualTo("{\"error\":\"cannot decode\"}");
        }
    }

    @Test
    void a_job_that_is_not_streamed_answers_with_its_last_state() throws Exception {
        try (var exchange = get("/q/probe/progress")) {
            subscribed();
            probe.pieces.onNext(new Piece("working"));
            probe.pieces.onNext(new Piece("success"));
            probe.pieces.onComplete();

            assertThat(exchange.header("Content-Type")).contains("application/json");
            assertThat(exchange.body()).isEqualTo("{\"text\":\"success\"}");
        }
    }

    @Test
    void events_that_are_long_in_coming_are_announced_by_comments() throws Exception {
        try (var exchange = get("/q/probe/events")) {
            subscribed();

            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.header("Content-Type")).contains("text/event-stream");
            assertThat(exchange.chunk()).isEqualTo(": keep-alive\n\n");
            assertThat(exchange.chunk()).isEqualTo(": keep-alive\n\n");

            probe.pieces.onError(new NativeFailure("cannot decode"));
            assertThat(exchange.body()).endsWith("data: {\"error\":\"cannot decode\"}\n\n");
        }
    }

    @Test
    void comments_between_events_are_not_taken_for_items() throws Exception {
        try (var exchange = get("/q/probe/events")) {
            subscribed();
            assertThat(exchange.chunk()).isEqualTo(": keep-alive\n\n");
            probe.pieces.onNext(new Piece("a"));
            Thread.sleep(150);
            probe.pieces.onComplete();

            var whole = exchange.body();
            assertThat(whole)
                    .contains("data: {\"text\":\"a\"}\n\n: keep-alive\n\n")
                    .endsWith("data: [DONE]\n\n");
            assertThat(whole.replace(": keep-alive\n\n", "")).isEqualTo("data: {\"text\":\"a\"}\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void a_client_that_leaves_while_it_is_told_to_wait_cancels_the_source() throws Exception {
        try (var exchange = get("/q/probe/events")) {
            subscribed();
            assertThat(exchange.chunk()).isEqualTo(": keep-alive\n\n");
        }

        assertThat(probe.cancelled.await(10, SECONDS)).isTrue();
    }

    @Test
    void a_client_that_leaves_cancels_the_source() throws Exception {
        try (var exchange = get("/q/probe/lines")) {
            subscribed();
            probe.pieces.onNext(new Piece("a"));
            assertThat(exchange.chunk()).isNotEmpty();
        }

        assertThat(probe.cancelled.await(10, SECONDS)).isTrue();
    }

    @Test
    void a_client_that_leaves_before_the_first_item_cancels_the_source() throws Exception {
        try (var _ = get("/q/probe/whole")) {
            subscribed();
        }

        assertThat(probe.cancelled.await(10, SECONDS)).isTrue();
    }

    @Test
    void a_client_that_does_not_read_stops_the_source_from_being_asked() throws Exception {
        try (var exchange = get("/q/probe/endless")) {
            assertThat(exchange.chunk()).isNotEmpty();
            var before = -1L;
            while (probe.requested.get() != before) {
                before = probe.requested.get();
                Thread.sleep(300);
            }
            var whileBlocked = probe.requested.get();
            for (var i = 0; i < whileBlocked; i++) {
                assertThat(exchange.chunk()).hasSizeGreaterThan(1_000);
            }

            assertThat(probe.requested.get()).isGreaterThan(whileBlocked);
        }

        assertThat(probe.cancelled.await(10, SECONDS)).isTrue();
    }

    @Test
    void what_a_resource_throws_is_answered_by_its_kind() throws Exception {
        try (var exchange = get("/q/probe/busy")) {
            assertThat(exchange.status()).isEqualTo(503);
            assertThat(exchange.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(exchange.body())
                    .isEqualTo("{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}");
        }
    }

    @Test
    void what_nobody_expected_tells_nothing_of_our_insides() throws Exception {
        try (var exchange = get("/q/probe/broken")) {
            assertThat(exchange.status()).isEqualTo(500);
            assertThat(exchange.body()).isEqualTo("{\"error\":\"internal error\"}");
        }
    }

    @Test
    void a_body_in_chunks_is_read_and_a_missing_one_is_missed() throws Exception {
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(
                    "POST /q/probe/echo HTTP/1.1",
                    "Host: localhost",
                    "Transfer-Encoding: chunked",
                    "",
                    "5",
                    "{\"mod",
                    "8",
                    "el\":\"y\"}",
                    "0",
                    "");
            assertThat(exchange.body()).isEqualTo("{\"model\":\"y\"}");
        }
        try (var exchange = RawExchange.send(server, "", "POST /q/probe/echo HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(400);
            assertThat(exchange.body()).isEqualTo("{\"error\":\"missing request body\"}");
        }
    }

    private RawExchange get(String path) throws IOException {
        return RawExchange.send(server, "", "GET " + path + " HTTP/1.1");
    }

    private void subscribed() throws InterruptedException {
        assertThat(probe.subscribed.await(Duration.ofSeconds(10).toSeconds(), SECONDS))
                .isTrue();
    }
}
