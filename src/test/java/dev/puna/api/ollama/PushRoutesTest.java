// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code /api/push} as its clients see it. */
@QuarkusTest
@Tag("quarkus")
@DisplayNameGeneration(ReplaceUnderscores.class)
class PushRoutesTest {
    private final FakeRegistry registry = new FakeRegistry();

    @Inject
    ModelStore store;

    private String blob = "";

    @BeforeEach
    void install() {
        var weights = "weights".getBytes(UTF_8);
        var config = "{\"model_format\":\"gguf\"}".getBytes(UTF_8);
        blob = store.writeBlob(MediaTypes.MODEL, weights).layer().digest().text();
        store.writeBlob(MediaTypes.CONFIG, config);
        store.install(
                name(),
                FakeRegistry.manifestOf(config, FakeRegistry.layer(MediaTypes.MODEL, weights))
                        .getBytes(UTF_8));
    }

    @AfterEach
    void close() {
        registry.close();
        store.delete(name());
    }

    @Test
    void every_step_is_a_line() {
        var lines = push("\"name\":\"%s/me/model\",\"insecure\":true")
                .contentType("application/x-ndjson")
                .statusCode(200)
                .extract()
                .body()
                .asString()
                .lines()
                .toList();

        assertThat(lines)
                .startsWith("{\"status\":\"retrieving manifest\"}")
                .contains("{\"status\":\"pushing %s\",\"digest\":\"%s\",\"total\":7,\"completed\":7}"
                        .formatted(blob.substring(7, 19), blob))
                .endsWith("{\"status\":\"pushing manifest\"}", "{\"status\":\"success\"}");
        assertThat(registry.content("manifests/latest")).isPresent();
    }

    @Test
    void without_a_stream_there_is_only_the_end() {
        push("\"model\":\"%s/me/model\",\"insecure\":true,\"stream\":false")
                .statusCode(200)
                .body("status", equalTo("success"));
    }

    @Test
    void what_fails_is_told_in_the_stream_or_by_the_status() {
        push("\"model\":\"%s/me/nothing\",\"insecure\":true")
                .statusCode(200)
                .body(containsString("{\"status\":\"couldn't retrieve manifest\"}\n{\"error\":\"open "));
        push("\"model\":\"%s/me/nothing\",\"insecure\":true,\"stream\":false")
                .statusCode(500)
                .body("error", containsString("me/nothing/latest: no such file or directory"));
        push("\"model\":\"http://%s/me/model\"").statusCode(500).body("error", equalTo("insecure protocol http"));
        push("\"stream\":false").statusCode(400).body("error", equalTo("model is required"));
    }

    private ModelName name() {
        return ModelName.parse(registry.host() + "/me/model");
    }

    private ValidatableResponse push(String fields) {
        return given().body("{" + fields.formatted(registry.host()) + "}")
                .post("/api/push")
                .then();
    }
}
