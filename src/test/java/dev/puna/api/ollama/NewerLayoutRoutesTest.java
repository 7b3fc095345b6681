// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static dev.puna.support.NewerStore.PUBLIC;
import static dev.puna.support.NewerStore.list;
import static dev.puna.support.NewerStore.reference;
import static dev.puna.support.NewerStore.runner;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.puna.model.Digest;
import dev.puna.settings.Settings;
import dev.puna.store.ModelStore;
import dev.puna.support.NewerStore;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients see of a folder that an Ollama of 0.40 and later uses; addendum 3.1, 3.5 and 3.8. */
@QuarkusTest
@Tag("quarkus")
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class NewerLayoutRoutesTest {
    private static final Digest ABSENT = Digest.parse("sha256:" + "e".repeat(64));

    @Inject
    ModelStore store;

    @Inject
    Settings settings;

    private Digest ggml;
    private Digest plain;

    @BeforeEach
    void a_model_for_two_runners() {
        store.list().forEach(model -> store.delete(model.name()));
        var made = new NewerStore(settings.models());
        ggml = made.blob(manifest(made, "ggml"));
        plain = made.blob(manifest(made, "llamacpp"));
        made.tag(
                PUBLIC + "both/latest",
                list(reference(ABSENT, "mlx"), reference(ggml, "ggml"), reference(plain, "llamacpp")));
        made.tag(PUBLIC + "none/latest", list(reference(ABSENT, "mlx")));
    }

    @AfterEach
    void the_older_layout_again() throws IOException {
        store.list().forEach(model -> store.delete(model.name()));
        try (var files = Files.walk(settings.models().resolve("manifests-v2"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void a_list_is_one_model_with_the_best_runner() {
        given().get("/api/tags")
                .then()
                .body("models.name", contains("both:latest"))
                .body("models[0].digest", equalTo(plain.hex()))
                .body("models[0].details.runner", equalTo("llamacpp"));
        show("{\"model\":\"both\"}")
                .statusCode(200)
                .body("details.runner", equalTo("llamacpp"))
                .body("manifests.runner", contains("ggml", "llamacpp"))
                .body("manifests.selected", contains(false, true))
                .body("manifests[1].digest", equalTo(plain.text()))
                .body("manifests[1].format", equalTo("gguf"));
    }

    @Test
    void a_runner_can_be_asked_for() {
        show("{\"model\":\"both\",\"runner\":\"ggml\"}").statusCode(200).body("details.runner", equalTo("ggml"));
        show("{\"model\":\"both\",\"runner\":\"llama.cpp\"}")
                .statusCode(200)
                .body("details.runner", equalTo("llamacpp"));
        show("{\"model\":\"both\",\"runner\":\"mlx\"}")
                .statusCode(404)
                .body("error", equalTo("no compatible manifest found for runners: mlx"));
        show("{\"model\":\"none\"}")
                .statusCode(404)
                .body("error", equalTo("no compatible manifest found for runners: llamacpp, ggml, mlx"));
        show("{\"model\":\"both\",\"runner\":\"vllm\"}")
                .statusCode(400)
                .body("error", equalTo("unknown runner \"vllm\""));
    }

    @ParameterizedTest
    @CsvSource({"/api/generate,prompt", "/api/chat,x", "/api/embed,input", "/api/embeddings,prompt"})
    void a_runner_that_is_not_there_is_the_mistake_of_the_request(String route, String field) {
        post(route, "{\"model\":\"both\",\"runner\":\"mlx\",\"" + field + "\":\"a\"}")
                .statusCode(400)
                .body("error", equalTo("no compatible manifest found for runners: mlx"));
        post(route, "{\"model\":\"both\",\"runner\":\"x\",\"" + field + "\":\"a\"}")
                .statusCode(400)
                .body("error", equalTo("unknown runner \"x\""));
    }

    @Test
    void all_manifests_are_shown_at_once() {
        show("{\"model\":\"both\",\"all_manifests\":true}")
                .statusCode(200)
                .contentType(startsWith("application/json"))
                .body("manifests.runner", contains("ggml", "llamacpp"))
                .body("manifests.details.runner", contains("ggml", "llamacpp"))
                .body("manifests.capabilities", hasSize(2));
        show("{\"model\":\"both\",\"all_manifests\":true,\"runner\":\"ggml\"}")
                .statusCode(400)
                .body("error", equalTo("runner cannot be used with all_manifests"));
    }

    @Test
    void a_copy_says_what_it_left_out() {
        post("/api/copy", "{\"source\":\"both\",\"destination\":\"copy\"}")
                .statusCode(200)
                .body("status", equalTo("Warning: discarded mlx (not pulled locally); copy contains ggml, llamacpp"));
        post("/api/copy", "{\"source\":\"copy\",\"destination\":\"again\"}")
                .statusCode(200)
                .body("status", equalTo("success"));
        post("/api/copy", "{\"source\":\"none\",\"destination\":\"x\"}")
                .statusCode(400)
                .body("error", equalTo("no compatible manifest found: pull one of mlx before copying"));
        for (var cloud : new String[] {"both:cloud", "both:1b-cloud"}) {
            post("/api/copy", "{\"source\":\"" + cloud + "\",\"destination\":\"x\"}")
                    .statusCode(400)
                    .body("error", equalTo("source \"" + cloud + "\" is invalid"));
        }
    }

    @Test
    void a_digest_is_a_name() {
        show("{\"model\":\"" + NewerStore.shortName(ggml) + "\"}")
                .statusCode(200)
                .body("details.runner", equalTo("ggml"));
        show("{\"model\":\"" + ggml.text() + "\"}").statusCode(200).body("details.runner", equalTo("ggml"));

        given().contentType("application/json")
                .body("{\"model\":\"" + ggml.fileName() + "\"}")
                .delete("/api/delete")
                .then()
                .statusCode(200);

        show("{\"model\":\"both\"}").statusCode(200).body("manifests", nullValue());
        show("{\"model\":\"both\",\"runner\":\"ggml\"}").statusCode(404);
    }

    @Test
    void what_is_made_beside_it_is_there_for_newer_servers() {
        new TinyModels(store).generative("made");

        post("/api/create", "{\"model\":\"derived\",\"from\":\"both\",\"system\":\"S\",\"stream\":false}")
                .statusCode(200);

        given().get("/api/tags").then().body("models.name", hasItems("made:latest", "derived:latest", "both:latest"));
        assertThat(settings.models().resolve(PUBLIC + "made/latest")).isSymbolicLink();
        assertThat(settings.models().resolve(PUBLIC + "derived/latest")).isSymbolicLink();
    }

    private static String manifest(NewerStore made, String name) {
        var weights = new String(TinyModels.gguf("llama", Map.of("general.name", name)), ISO_8859_1);
        return made.manifest(weights, runner(name));
    }

    private static ValidatableResponse show(String body) {
        return post("/api/show", body);
    }

    private static ValidatableResponse post(String route, String body) {
        return given().contentType("application/json").body(body).post(route).then();
    }
}
