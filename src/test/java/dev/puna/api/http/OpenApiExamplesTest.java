// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.api.http.OpenApiDocument.Operation;
import dev.puna.api.ollama.SharedServer;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.ModelStore;
import dev.puna.support.RawExchange;
import dev.puna.support.Script;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TinyModels;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every example of the description is sent, and what comes back is what the description says. */
@QuarkusTest
@Tag("quarkus")
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OpenApiExamplesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** These ask a registry; the last wants a model that follows a schema. */
    private static final Set<String> ELSEWHERE = Set.of("/api/pull", "/api/push", "/v1/responses/compact");

    private static final Set<String> IN_PATHS = Set.of("/api/blobs/{digest}");

    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @Inject
    ScriptedEngineLoader loader;

    @Inject
    Scheduling scheduling;

    private final SoftAssertions all = new SoftAssertions();
    private final OpenApiDocument document = OpenApiDocument.read();

    OpenApiExamplesTest() throws IOException {}

    @BeforeEach
    void models() {
        SharedServer.unload(scheduling);
        loader.loadsAgain().answers(Script.answering("Hello", "!"));
        var models = new TinyModels(store);
        models.generative("llama3.2", "another template of a plain model");
        models.generative("qwen2.5-coder", "a template of a model that fills in");
        models.reranker("bge-reranker-v2-m3");
        models.embedding("all-minilm");
    }

    @Test
    void each_example_is_answered_as_described() throws IOException {
        for (var operation : operations()) {
            var example = operation.body().path("example");
            try (var exchange = send(operation, example.isMissingNode() ? "" : example.toString())) {
                var answer = exchange.body();

                all.assertThat(exchange.status()).as(operation + ": " + answer).isEqualTo(200);
                var schema = operation.answer("application/json");
                if (exchange.status() == 200 && !schema.isMissingNode()) {
                    assertIsAsDescribed(operation, schema, JSON.readTree(answer));
                }
            }
        }
        all.assertAll();
    }

    @Test
    void each_example_is_streamed_as_described() throws IOException {
        for (var operation : operations()) {
            for (var type : List.of("application/x-ndjson", "text/event-stream")) {
                if (!operation.answer(type).isMissingNode()) {
                    assertStreams(operation, type);
                }
            }
        }
        all.assertAll();
    }

    private void assertStreams(Operation operation, String type) throws IOException {
        var example = operation.body().path("example").<ObjectNode>deepCopy().put("stream", true);
        try (var exchange = send(operation, example.toString())) {
            var answer = exchange.body();

            assertThat(exchange.status()).as(operation + ": " + answer).isEqualTo(200);
            assertThat(exchange.header("Content-Type"))
                    .hasValueSatisfying(header -> assertThat(header).startsWith(type));
            if (type.equals("application/x-ndjson")) {
                for (var line : answer.lines().toList()) {
                    assertIsAsDescribed(operation, operation.answer(type), JSON.readTree(line));
                }
            } else {
                assertThat(answer.lines().filter(line -> !line.isEmpty()))
                        .as(operation.toString())
                        .hasSizeGreaterThan(2)
                        .allMatch(line -> line.startsWith("data: ") || line.startsWith("event: "));
            }
        }
    }

    private void assertIsAsDescribed(Operation operation, JsonNode schema, JsonNode answer) {
        all.assertThat(document.violations(schema, answer))
                .as(operation + ": " + answer)
                .isEmpty();
        all.assertThat(document.unnamed(schema, answer))
                .as("fields in the answer to " + operation + " that openapi.yaml does not name")
                .isEmpty();
    }

    private List<Operation> operations() {
        return document.operations().stream()
                .filter(operation -> !ELSEWHERE.contains(operation.path()) && !IN_PATHS.contains(operation.path()))
                .toList();
    }

    private RawExchange send(Operation operation, String body) throws IOException {
        var path = operation.path().replace("{id}", "llama3.2");
        return RawExchange.send(server, body, operation.method() + " " + path + " HTTP/1.1");
    }
}
