// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.Prompt;
import dev.puna.scheduling.ModelScheduler;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.ModelStore;
import dev.puna.support.RawExchange;
import dev.puna.support.Script;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TinyModels;
import dev.puna.support.Waiting;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More requests for a model in memory than it has sequences, seen from outside. */
@QuarkusTest
@Tag("quarkus")
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class FairTurnsTest {
    private static final int QUEUE = 512;
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @Inject
    ScriptedEngineLoader loader;

    @Inject
    Scheduling scheduling;

    @Inject
    ModelScheduler scheduler;

    private final List<RawExchange> open = new ArrayList<>();

    @BeforeEach
    void a_model_in_memory_that_answers_without_end() throws Exception {
        loader.loadsAgain().answers(Script.answering("Hello"));
        SharedServer.unload(scheduling);
        new TinyModels(store).generative("a", "weights of a");
        ask("User-Agent: first", "first").body();
        loader.answers(Script.endlessly("on ").every(Duration.ofMillis(200)));
    }

    @AfterEach
    void nobody_waits() throws Exception {
        for (var exchange : open) {
            exchange.close();
        }
        Waiting.until(Duration.ofSeconds(20), () -> scheduler.occupancy().active() == 0);
        SharedServer.unload(scheduling);
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization: Bearer a, Authorization: Bearer b",
        "x-api-key: a, x-api-key: b",
        "X-Forwarded-For: 192.0.2.1, 'X-Forwarded-For: 192.0.2.1, 192.0.2.2'",
        "X-Forwarded-For: 2001:db8:0:1::1, X-Forwarded-For: 2001:db8:0:2::1",
        "User-Agent: crawler, User-Agent: chat"
    })
    void a_single_request_is_the_next_beside_fifty_of_another_caller(String many, String single) throws Exception {
        var places = fill(many);
        for (var i = 0; i < 50; i++) {
            ask(many, "one of many");
        }
        waiting(50);
        ask(single, "alone");
        waiting(51);

        open.get(1).close();

        started(places + 2);
        assertThat(prompt(places + 1)).isEqualTo("alone");
    }

    @Test
    void an_overflow_is_told_at_once_though_the_model_is_in_memory_and_gives_others_a_place() throws Exception {
        fill("User-Agent: crawler");
        for (var i = 0; i < QUEUE - 1; i++) {
            ask("User-Agent: crawler", "one of many");
        }
        waiting(QUEUE - 1);
        var last = ask("User-Agent: crawler", "the last of many");
        waiting(QUEUE);

        var start = System.nanoTime();
        var refused = ask("User-Agent: crawler", "too many");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
        ask("User-Agent: chat", "alone");
        assertThat(last.status()).isEqualTo(503);
        assertThat(scheduler.occupancy().waiting()).isEqualTo(QUEUE);
    }

    @Test
    void what_needs_no_sequence_is_done_beside_them() throws Exception {
        fill("User-Agent: crawler");

        try (var tokens =
                RawExchange.send(server, "{\"model\":\"a\",\"content\":\"ab\"}", "POST /api/tokenize HTTP/1.1")) {
            assertThat(tokens.status()).isEqualTo(200);
        }
    }

    /** As many requests as have a lease at a time, all of which have begun; request 0 of the engine was before them. */
    private int fill(String caller) throws IOException {
        var places = loader.engine().spec().sequences() + 1;
        for (var i = 0; i < places; i++) {
            ask(caller, "running");
        }
        started(places + 1);
        return places;
    }

    private void started(int requests) {
        Waiting.until(Duration.ofSeconds(20), () -> loader.engine().requests().size() >= requests);
    }

    private void waiting(int requests) {
        Waiting.until(Duration.ofSeconds(20), () -> scheduler.occupancy().waiting() == requests);
    }

    /** The text of the last message of a request that the engine was asked, by its number. */
    private String prompt(int request) {
        var conversation =
                (Prompt.Conversation) loader.engine().requests().get(request).prompt();
        return conversation.messages().getLast().content();
    }

    private RawExchange ask(String header, String prompt) throws IOException {
        var body = "{\"model\":\"a\",\"prompt\":\"" + prompt + "\"}";
        var exchange = RawExchange.send(server, body, "POST /api/generate HTTP/1.1", header);
        open.add(exchange);
        return exchange;
    }
}
