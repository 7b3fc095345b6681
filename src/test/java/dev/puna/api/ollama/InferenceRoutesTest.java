// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.FinishReason;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.NativeFailure;
import dev.puna.scheduling.RunningModel;
import dev.puna.support.RawExchange;
import dev.puna.support.Script;
import dev.puna.support.TinyModels;
import dev.puna.support.Waiting;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Tag("quarkus")
class InferenceRoutesTest extends ScriptedRoutes {
    private static final String ASK = "{\"model\":\"scripted\",\"prompt\":\"x\"}";
    private static final String CHAT = "{\"model\":\"scripted\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

    @Override
    protected void prepare(TinyModels models) {
        models.generative("scripted");
        models.generative("other", "another template, so other weights");
        models.embedding("scripted-embedder");
    }

    @Test
    void each_event_is_sent_before_the_next_one_exists() throws Exception {
        loader.answers(Script.answering("Hel", "lo").every(Duration.ofSeconds(1)));

        try (var exchange = post("/api/chat", CHAT)) {
            assertThat(exchange.chunk()).endsWith("\"content\":\"Hel\"},\"done\":false}\n");
            assertThat(loader.engine().emitted()).isEqualTo(1);
            assertThat(exchange.chunk()).endsWith("\"content\":\"lo\"},\"done\":false}\n");
            assertThat(loader.engine().emitted()).isEqualTo(2);
            assertThat(exchange.chunk())
                    .contains("\"done\":true,\"done_reason\":\"stop\"")
                    .endsWith("}\n");
            assertThat(exchange.chunk()).isEmpty();
            assertThat(exchange.header("Content-Type")).contains("application/x-ndjson");
        }
        assertThat(leases()).isZero();
    }

    @Test
    void an_answer_that_is_not_streamed_has_a_length() throws Exception {
        try (var exchange = post("/api/generate", ASK.replace("}", ",\"stream\":false}"))) {
            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(exchange.header("Content-Length")).isPresent();
            assertThat(exchange.body()).contains("\"response\":\"Hello!\",\"done\":true,\"done_reason\":\"stop\"");
        }
    }

    @Test
    void loading_is_answered_by_one_object_even_when_streaming() throws Exception {
        try (var exchange = post("/api/generate", "{\"model\":\"scripted\"}")) {
            assertThat(exchange.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(exchange.body()).endsWith("\"response\":\"\",\"done\":true,\"done_reason\":\"load\"}");
        }
    }

    @Test
    void a_request_that_makes_no_sense_is_refused_with_one_object() throws Exception {
        refused("/api/generate", "", 400, "missing request body");
        refused("/api/chat", "{", 400, "unexpected EOF");
        refused("/api/generate", "[]", 400, "json: cannot unmarshal array into Go value of type api.GenerateRequest");
        refused("/api/chat", "{\"model\":\"nosuch\",\"messages\":[{}]}", 404, "model 'nosuch' not found");
        refused(
                "/api/embed",
                "{\"model\":\"scripted\",\"input\":\"x\"}",
                501,
                "This server does not support embeddings. Start it with `--embeddings`");
    }

    @Test
    void a_failure_before_the_first_event_decides_the_status() throws Exception {
        loader.answers(Script.failing(new InvalidRequest("the prompt is too long")));

        try (var exchange = post("/api/generate", ASK)) {
            assertThat(exchange.status()).isEqualTo(400);
            assertThat(exchange.body()).isEqualTo("{\"error\":\"the prompt is too long\"}");
        }
        assertThat(leases()).isZero();
    }

    @Test
    void a_failure_after_the_first_event_becomes_the_last_line() throws Exception {
        loader.answers(Script.failing(new NativeFailure("cannot decode"), "Hel"));

        try (var exchange = post("/api/generate", ASK)) {
            assertThat(exchange.chunk()).endsWith("\"response\":\"Hel\",\"done\":false}\n");
            assertThat(exchange.status()).isEqualTo(200);
            assertThat(exchange.chunk()).isEqualTo("{\"error\":\"cannot decode\"}\n");
            assertThat(exchange.chunk()).isEmpty();
        }
        assertThat(leases()).isZero();
    }

    @Test
    void a_client_that_leaves_stops_the_engine_and_closes_its_lease() throws Exception {
        loader.answers(Script.endlessly("a").every(Duration.ofMillis(20)));

        try (var exchange = post("/api/chat", CHAT)) {
            assertThat(exchange.chunk()).isNotEmpty();
            assertThat(leases()).isEqualTo(1);
        }

        soon(() -> loader.engine().cancellations() == 1 && leases() == 0);
    }

    @Test
    void a_client_that_leaves_while_it_waits_for_one_object_stops_the_engine_too() throws Exception {
        loader.answers(Script.endlessly("a").every(Duration.ofMillis(20)));

        try (var _ = post("/api/generate", ASK.replace("}", ",\"stream\":false}"))) {
            soon(() -> leases() == 1 && loader.engine().activeRequests() == 1);
        }

        soon(() -> loader.engine().cancellations() == 1 && leases() == 0);
    }

    @Test
    void a_client_that_leaves_while_its_model_loads_stops_the_load() throws Exception {
        loader.loadsOnlyWhenLet();
        var before = loader.cancelledLoads();

        try (var _ = post("/api/chat", CHAT)) {
            soon(() -> loader.loading() == 1);
        }

        soon(() -> loader.cancelledLoads() == before + 1 && scheduling.running().isEmpty());
    }

    @Test
    void a_model_that_does_not_load_says_why() throws Exception {
        loader.failsToLoad(new NativeFailure("cannot load model: unknown architecture"));

        try (var exchange = post("/api/chat", CHAT)) {
            assertThat(exchange.status()).isEqualTo(500);
            assertThat(exchange.body()).contains("unknown architecture");
        }
    }

    @Test
    void a_client_that_does_not_read_slows_only_its_own_stream() throws Exception {
        loader.answers("scripted:latest", Script.endlessly("x".repeat(10_000)));
        loader.answers("other:latest", Script.answering("quick"));

        try (var slow = post("/api/generate", ASK)) {
            assertThat(slow.chunk()).isNotEmpty();
            var engine = loader.engine();
            var before = -1;
            while (engine.emitted() != before) {
                before = engine.emitted();
                Thread.sleep(300);
            }
            try (var other = post("/api/generate", ASK.replace("scripted", "other"))) {
                assertThat(other.body()).contains("\"response\":\"quick\"");
            }
            for (var i = 0; i < before; i++) {
                assertThat(slow.chunk()).hasSizeGreaterThan(10_000);
            }
            assertThat(engine.emitted()).isGreaterThan(before);
        }
        soon(() -> leases() == 0);
    }

    @Test
    void two_streams_run_at_the_same_time() throws Exception {
        loader.answers("scripted:latest", Script.answering("a", "b").every(Duration.ofSeconds(1)));
        loader.answers("other:latest", Script.answering("c", "d").every(Duration.ofSeconds(1)));

        try (var first = post("/api/chat", CHAT);
                var second = post("/api/chat", CHAT.replace("scripted", "other"))) {
            assertThat(first.chunk()).contains("\"content\":\"a\"");
            assertThat(second.chunk()).contains("\"content\":\"c\"");
            assertThat(leases()).isEqualTo(2);
            assertThat(first.body()).contains("\"content\":\"b\"").contains("\"done\":true");
            assertThat(second.body()).contains("\"content\":\"d\"").contains("\"done\":true");
        }
    }

    @Test
    void thinking_and_tools_come_as_events_of_their_own() throws Exception {
        loader.answers(Script.of(
                Script.reasoning("hm"),
                Script.text("ok"),
                Script.call("f", "{\"x\":1}"),
                Script.finished(FinishReason.STOP, 3)));

        try (var exchange = post("/api/chat", CHAT)) {
            assertThat(exchange.chunk()).contains("\"content\":\"\",\"thinking\":\"hm\"},\"done\":false");
            assertThat(exchange.chunk()).contains("\"content\":\"ok\"},\"done\":false");
            assertThat(exchange.chunk())
                    .contains("\"content\":\"\",\"tool_calls\":[{\"id\":\"call_")
                    .contains("\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"x\":1}}}]},\"done\":false");
            assertThat(exchange.chunk()).contains("\"done\":true");
        }
    }

    @Test
    void embeddings_are_one_object() throws Exception {
        try (var exchange = post("/api/embed", "{\"model\":\"scripted-embedder\",\"input\":[\"a\",\"b\"]}")) {
            assertThat(exchange.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(exchange.body())
                    .startsWith(
                            "{\"model\":\"scripted-embedder\",\"embeddings\":[[0,1,0,0,0,0,0,0],[0,0,1,0,0,0,0,0]],")
                    .endsWith("\"prompt_eval_count\":2}");
        }
        try (var exchange = post("/api/embeddings", "{\"model\":\"scripted-embedder\",\"prompt\":\"a\"}")) {
            assertThat(exchange.body()).isEqualTo("{\"embedding\":[0,1,0,0,0,0,0,0]}");
        }
    }

    @Test
    void a_text_too_long_to_embed_is_the_callers_mistake_but_for_the_old_route() throws Exception {
        var text = "a".repeat(200_000);
        try (var exchange =
                post("/api/embed", "{\"model\":\"scripted-embedder\",\"truncate\":false,\"input\":\"" + text + "\"}")) {
            assertThat(exchange.status()).isEqualTo(400);
        }
        try (var exchange = post("/api/embeddings", "{\"model\":\"scripted-embedder\",\"prompt\":\"" + text + "\"}")) {
            assertThat(exchange.status()).isEqualTo(500);
            assertThat(exchange.body()).isEqualTo("{\"error\":\"the input length exceeds the context length\"}");
        }
    }

    @Test
    void models_in_memory_are_listed_the_one_that_stays_longest_first() throws Exception {
        post("/api/generate", "{\"model\":\"scripted\",\"options\":{\"num_ctx\":1024}}")
                .body();
        post("/api/embed", "{\"model\":\"scripted-embedder\",\"keep_alive\":-1}")
                .body();

        try (var exchange = RawExchange.send(server, "", "GET /api/ps HTTP/1.1")) {
            assertThat(exchange.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(exchange.body())
                    .matches(
                            "\\{\"models\":\\[\\{\"name\":\"scripted-embedder:latest\","
                                    + "\"model\":\"scripted-embedder:latest\",\"size\":130000000,"
                                    + "\"digest\":\"[0-9a-f]{64}\",\"details\":\\{\"parent_model\":\"\",\"format\":\"gguf\","
                                    + "\"family\":\"bert\",\"families\":\\[\"bert\"],\"parameter_size\":\"8\","
                                    + "\"quantization_level\":\"Q4_K_M\"},\"expires_at\":\"23\\d\\d-[^\"]+\",\"size_vram\":0,"
                                    + "\"context_length\":\\d+,\"runner\":\"ggml\"},\\{\"name\":\"scripted:latest\".*"
                                    + "\"expires_at\":\"2[^\"]+\",\"size_vram\":0,\"context_length\":1024,\"runner\":\"ggml\"}]}");
        }
    }

    @Test
    void no_model_in_memory_is_an_empty_list() throws Exception {
        try (var exchange = RawExchange.send(server, "", "GET /api/ps HTTP/1.1")) {
            assertThat(exchange.body()).isEqualTo("{\"models\":[]}");
        }
    }

    @Test
    void a_model_that_is_not_kept_is_gone_after_its_answer() throws Exception {
        try (var exchange = post("/api/generate", ASK.replace("}", ",\"stream\":false,\"keep_alive\":0}"))) {
            assertThat(exchange.body()).contains("\"response\":\"Hello!\"");
        }
        soon(() -> scheduling.running().isEmpty() && loader.engine().closings() == 1);
    }

    private int leases() {
        return scheduling.running().stream()
                .mapToInt(RunningModel::activeRequests)
                .sum();
    }

    private void refused(String path, String body, int status, String text) throws IOException {
        try (var exchange = post(path, body)) {
            assertThat(exchange.status()).isEqualTo(status);
            assertThat(exchange.header("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(exchange.body()).isEqualTo("{\"error\":\"" + text + "\"}");
        }
    }

    private static void soon(BooleanSupplier condition) {
        Waiting.until(Duration.ofSeconds(10), condition);
    }
}
