// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import dev.puna.support.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a prompt after its model was unloaded, after the server stopped or was killed, and after {@code puna rm}. */
@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeptPrefixesIT {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String RULES = "A fox lives in the forest and answers in short sentences. ".repeat(40);
    private static final int KNOWN = 300;

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"process", "none"})
    void a_system_text_is_read_once(String isolation) throws Exception {
        var cache = home.resolve("cache");
        var environment = Map.of("PUNA_ISOLATION", isolation, "XDG_CACHE_HOME", cache.toString());
        String answer;
        try (var served = ServedProgram.start(home, environment)) {
            served.create("m", TestModels.smolLm2());
            assertThat(cached(ask(served, "Who are you?"))).isLessThan(KNOWN);
            answer = ask(served, "What do you eat?").path("response").asText();
            Waiting.until(BOUND, () -> files(cache).size() == 1);
            post(served, "POST", "/api/generate", Map.of("model", "m", "keep_alive", 0));
            assertThat(cached(ask(served, "Where do you live?"))).as("unloaded").isGreaterThan(KNOWN);
        }
        try (var served = ServedProgram.start(home, environment)) {
            var again = ask(served, "What do you eat?");
            assertThat(cached(again)).as("stopped").isGreaterThan(KNOWN);
            assertThat(again.path("response").asText()).isEqualTo(answer);
            served.server().signal("KILL");
        }
        try (var served = ServedProgram.start(home, environment)) {
            assertThat(cached(ask(served, "Where is it?"))).as("killed").isGreaterThan(KNOWN);
            post(served, "DELETE", "/api/delete", Map.of("model", "m"));
            assertThat(files(cache)).as("removed").isEmpty();
        }
    }

    private static int cached(JsonNode answer) {
        return answer.path("prompt_eval_cached_count").asInt(-1);
    }

    private static JsonNode ask(ServedProgram served, String question) throws Exception {
        var options = Map.of("num_predict", 8, "temperature", 0);
        return post(
                served,
                "POST",
                "/api/generate",
                Map.of("model", "m", "system", RULES, "prompt", question, "stream", false, "options", options));
    }

    private static JsonNode post(ServedProgram served, String method, String path, Map<String, ?> body)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://" + served.address() + path))
                .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .timeout(BOUND)
                .build();
        var answer = CLIENT.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<Path> files(Path cache) {
        try (var all = Files.walk(cache.resolve("puna/prefixes"))) {
            return all.filter(file -> file.toString().endsWith(".prefix")).toList();
        } catch (IOException _) {
            return List.of();
        }
    }
}
