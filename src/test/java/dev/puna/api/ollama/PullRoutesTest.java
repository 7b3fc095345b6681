// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code /api/pull} as its clients see it. */
@QuarkusTest
@Tag("quarkus")
@DisplayNameGeneration(ReplaceUnderscores.class)
class PullRoutesTest {
    private final FakeRegistry registry = new FakeRegistry();

    @Inject
    ModelStore store;

    @AfterEach
    void close() {
        registry.close();
        store.list().stream()
                .filter(model -> model.name().host().equals(registry.host()))
                .forEach(model -> store.delete(model.name()));
    }

    @Test
    void every_step_is_a_line() {
        var weights = new byte[1_000_000];
        new Random(7).nextBytes(weights);
        var digest = registry.model("latest", weights).getFirst();

        var lines = pull("\"model\":\"%s/me/model\",\"insecure\":true")
                .contentType("application/x-ndjson")
                .statusCode(200)
                .extract()
                .body()
                .asString()
                .lines()
                .toList();

        assertThat(lines.getFirst()).isEqualTo("{\"status\":\"pulling manifest\"}");
        assertThat(lines)
                .contains("{\"status\":\"pulling %s\",\"digest\":\"%s\",\"total\":1000000,\"completed\":1000000}"
                        .formatted(digest.shortText(), digest));
        assertThat(lines.subList(lines.size() - 3, lines.size()))
                .containsExactly(
                        "{\"status\":\"verifying sha256 digest\"}",
                        "{\"status\":\"writing manifest\"}",
                        "{\"status\":\"success\"}");
        assertThat(store.find(ModelName.parse(registry.host() + "/me/model"))).isPresent();
    }

    @Test
    void without_a_stream_there_is_only_the_end() {
        registry.model("latest", "weights".getBytes(StandardCharsets.UTF_8));

        pull("\"name\":\"%s/me/model\",\"insecure\":true,\"stream\":false")
                .statusCode(200)
                .body("status", equalTo("success"));
    }

    @Test
    void what_fails_is_told_in_the_stream_or_by_the_status() {
        pull("\"model\":\"%s/me/nothing\",\"insecure\":true")
                .statusCode(200)
                .body(containsString("{\"error\":\"pull model manifest: file does not exist\"}"));
        pull("\"model\":\"%s/me/nothing\",\"insecure\":true,\"stream\":false")
                .statusCode(500)
                .body("error", equalTo("pull model manifest: file does not exist"));
    }

    @Test
    void what_cannot_be_pulled_is_refused() {
        pull("\"model\":\"http://%s/me/model\"").statusCode(500).body("error", equalTo("insecure protocol http"));
        pull("\"model\":\"sha256-0123456789abcdef\"")
                .statusCode(400)
                .body("error", equalTo("digest references are local: sha256-0123456789abcdef"));
        pull("\"model\":\"%s/me/model\",\"runner\":\"abacus\"")
                .statusCode(400)
                .body("error", equalTo("unknown runner \"abacus\""));
    }

    private ValidatableResponse pull(String fields) {
        return given().body("{" + fields.formatted(registry.host()) + "}")
                .post("/api/pull")
                .then();
    }
}
