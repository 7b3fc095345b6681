// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.Refusal;
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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which models are in memory, seen from outside. Source: contract 1.5 and 7. */
@QuarkusTest
@Tag("quarkus")
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchedulingRoutesTest {
    private static final Pattern EXPIRES = Pattern.compile("\"name\":\"([^\"]+)\".*?\"expires_at\":\"([^\"]+)\"");
    private static final int QUEUE = 512;

    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @Inject
    ScriptedEngineLoader loader;

    @Inject
    Scheduling scheduling;

    @Inject
    ModelScheduler waiting;

    private final List<RawExchange> open = new ArrayList<>();

    @BeforeEach
    void fresh() throws InterruptedException {
        loader.loadsAgain().answers(Script.answering("Hello", "!"));
        SharedServer.unload(scheduling);
        var models = new TinyModels(store);
        for (var name : List.of("a", "b", "c", "d")) {
            models.generative(name, "weights of " + name);
        }
        models.embedding("e");
    }

    @AfterEach
    void nobody_waits() throws Exception {
        for (var exchange : open) {
            exchange.close();
        }
        loader.loadsAgain().refuses();
        SharedServer.unload(scheduling);
    }

    @Test
    void a_model_is_listed_while_it_loads() throws Exception {
        loader.loadsOnlyWhenLet();
        start("a", "");
        soon(() -> loader.loading() == 1);

        assertThat(ps())
                .matches(
                        "\\{\"models\":\\[\\{\"name\":\"a:latest\",.*\"size\":[1-9]\\d*,.*\"context_length\":\\d+,\"runner\":\"ggml\"}]}");
    }

    @Test
    void a_model_that_is_refused_is_listed_with_the_reason_until_it_is_tried_again() throws Exception {
        start("b", "").body();
        loader.refuses(
                new Refusal("a:latest", Duration.ofSeconds(42), "SIGSEGV"),
                new Refusal("gone:latest", Duration.ofSeconds(42), "SIGSEGV"));
        var before = Instant.now();

        assertThat(start("a", "").body()).isEqualTo("{\"error\":\"'a:latest' is not tried again\"}");
        var listed = ps();

        assertThat(listed)
                .matches("\\{\"models\":\\[\\{\"name\":\"b:latest\",.*},"
                        + "\\{\"name\":\"a:latest\",\"model\":\"a:latest\","
                        + "\"size\":0,\"digest\":\"[0-9a-f]{64}\",\"details\":\\{.*},\"expires_at\":\"[^\"]+\",\"size_vram\":0,"
                        + "\"context_length\":0,\"runner\":\"ggml\",\"error\":\"SIGSEGV\"}]}");
        var again = EXPIRES.matcher(listed.substring(listed.indexOf("\"a:latest\"") - 10));
        assertThat(again.find()).isTrue();
        assertThat(OffsetDateTime.parse(again.group(2)).toInstant())
                .isBetween(before.plusSeconds(42), Instant.now().plusSeconds(42));
        loader.refuses();
        assertThat(ps()).doesNotContain("\"error\"");
    }

    @Test
    void one_request_more_than_the_queue_holds_is_refused_and_the_others_are_served() throws Exception {
        loader.loadsOnlyWhenLet();
        start("a", "");
        soon(() -> loader.loading() == 1);
        for (var i = 0; i < QUEUE; i++) {
            start("b", "");
        }
        soon(() -> waiting.occupancy().waiting() == QUEUE + 1);

        var refused = start("b", "");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}");

        loader.loadsAgain();
        assertThat(open.getFirst().body()).contains("Hello!");
        assertThat(open.get(QUEUE).body()).contains("Hello!");
    }

    @ParameterizedTest
    @CsvSource({"90, 90", "1.5e2, 150", "'\"2m\"', 120", "'\"1h30m\"', 5400", "'\"0h1m\"', 60", "null, 300"})
    void a_model_stays_as_long_as_the_request_says(String keepAlive, long seconds) throws Exception {
        ask("a", ",\"keep_alive\":" + keepAlive);

        assertThat(left()).isBetween(seconds - 10, seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-0.5", "\"-1s\"", "\"-1m\""})
    void a_negative_time_is_for_ever(String keepAlive) throws Exception {
        ask("a", ",\"keep_alive\":" + keepAlive);

        assertThat(left()).isGreaterThan(Duration.ofDays(365 * 200).toSeconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "\"0\"", "\"0s\""})
    void no_time_at_all_unloads_after_the_answer(String keepAlive) throws Exception {
        assertThat(ask("a", ",\"keep_alive\":" + keepAlive)).contains("Hello!");

        soon(() -> scheduling.running().isEmpty());
    }

    @Test
    void a_request_without_a_time_keeps_the_one_before_and_one_that_only_loads_changes_it() throws Exception {
        ask("a", ",\"keep_alive\":\"1h\"");
        ask("a", "");
        assertThat(left()).isBetween(3_590L, 3_600L);

        post("/api/generate", "{\"model\":\"a\",\"keep_alive\":60}").body();
        assertThat(left()).isBetween(50L, 60L);
        assertThat(loader.engine().closings()).isZero();
    }

    @Test
    void a_model_that_is_unloaded_while_it_answers_goes_on_to_the_end_of_its_answer() throws Exception {
        loader.answers(Script.answering("Hel", "lo").every(Duration.ofMillis(500)));
        var answer = post("/api/generate", body("a", "").replace("\"stream\":false", "\"stream\":true"));
        assertThat(answer.chunk()).contains("Hel");

        assertThat(post("/api/generate", "{\"model\":\"a\",\"keep_alive\":0}").body())
                .endsWith("\"response\":\"\",\"done\":true,\"done_reason\":\"unload\"}");

        assertThat(answer.body()).contains("\"response\":\"lo\"").contains("\"done\":true");
        soon(() -> scheduling.running().isEmpty());
    }

    @Test
    void a_model_that_is_unloaded_while_it_loads_answers_those_who_wait_and_goes() throws Exception {
        loader.loadsOnlyWhenLet();
        var answer = start("a", "");
        soon(() -> loader.loading() == 1);

        assertThat(post("/api/generate", "{\"model\":\"a\",\"keep_alive\":0}").body())
                .contains("\"done_reason\":\"unload\"");
        loader.loadsAgain();

        assertThat(answer.body()).contains("Hello!");
        soon(() -> scheduling.running().isEmpty());
    }

    @Test
    void a_model_that_is_not_in_memory_can_be_unloaded_and_one_that_does_not_exist_not() throws Exception {
        var engines = loader.engines().size();

        assertThat(post("/api/chat", "{\"model\":\"a\",\"messages\":[],\"keep_alive\":0}")
                        .body())
                .contains("\"done_reason\":\"unload\"");
        assertThat(post("/api/generate", "{\"model\":\"nobody\",\"keep_alive\":0}")
                        .status())
                .isEqualTo(404);
        assertThat(loader.engines()).hasSize(engines);
    }

    @Test
    void only_an_option_of_the_runner_that_differs_loads_a_model_anew() throws Exception {
        ask("a", "");
        var first = loader.engine();
        for (var option :
                List.of("temperature\":0", "num_predict\":3", "num_gpu\":-1", "num_ctx\":null", "num_batch\":512")) {
            ask("a", ",\"options\":{\"" + option + "}");
            assertThat(loader.engine()).as(option).isSameAs(first);
        }
        for (var option : List.of("num_ctx\":1024", "num_ctx\":1024,\"num_batch\":64", "use_mmap\":false")) {
            var before = loader.engine();
            ask("a", ",\"options\":{\"" + option + "}");
            assertThat(loader.engine()).as(option).isNotSameAs(before);
            soon(() -> before.closings() == 1);
        }
        assertThat(scheduling.running()).hasSize(1);
    }

    @Test
    void three_models_are_in_memory_together_and_the_fourth_pushes_out_the_one_with_the_shortest_time()
            throws Exception {
        ask("a", ",\"keep_alive\":\"3m\"");
        ask("b", ",\"keep_alive\":\"1m\"");
        ask("c", ",\"keep_alive\":\"2m\"");
        assertThat(scheduling.running()).hasSize(3);

        ask("d", ",\"keep_alive\":\"4m\"");

        assertThat(ps())
                .containsSubsequence("\"d:latest\"", "\"a:latest\"", "\"c:latest\"")
                .doesNotContain("b:latest");
    }

    @Test
    void embedding_counts_as_use_and_may_unload_too() throws Exception {
        post("/api/embed", "{\"model\":\"e\",\"input\":\"x\",\"keep_alive\":\"7m\"}")
                .body();
        assertThat(left()).isBetween(410L, 420L);

        post("/api/embed", "{\"model\":\"e\",\"keep_alive\":0}").body();

        soon(() -> scheduling.running().isEmpty());
    }

    private RawExchange start(String model, String more) {
        try {
            return post("/api/generate", body(model, more));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String ask(String model, String more) throws IOException {
        return post("/api/generate", body(model, more)).body();
    }

    private static String body(String model, String more) {
        return "{\"model\":\"" + model + "\",\"prompt\":\"x\",\"stream\":false" + more + "}";
    }

    private RawExchange post(String path, String body) throws IOException {
        var exchange = RawExchange.send(server, body, "POST " + path + " HTTP/1.1");
        open.add(exchange);
        return exchange;
    }

    private String ps() throws IOException {
        try (var exchange = RawExchange.send(server, "", "GET /api/ps HTTP/1.1")) {
            return exchange.body();
        }
    }

    /** Seconds until the one model in memory goes. */
    private long left() throws IOException {
        var model = EXPIRES.matcher(ps());
        assertThat(model.find()).isTrue();
        return Duration.between(
                        Instant.now(), OffsetDateTime.parse(model.group(2)).toInstant())
                .toSeconds();
    }

    private static void soon(BooleanSupplier condition) {
        Waiting.until(Duration.ofSeconds(20), condition);
    }
}
