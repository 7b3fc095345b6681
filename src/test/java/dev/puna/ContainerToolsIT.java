// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.support.ConnectProxy;
import dev.puna.support.FakeRegistry;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestCertificate;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The calls of tools that start an Ollama in a container and fill it: Quarkus LangChain4j's dev service asks over HTTP, by a client of
 * Java's that offers HTTP/2 and names no type of content; users of Testcontainers' module run {@code ollama pull} in the container.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContainerToolsIT {
    @TempDir
    static Path home;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static FakeRegistry registry;
    private static ConnectProxy proxy;
    private static ServedProgram served;

    @BeforeAll
    static void serve() throws Exception {
        var certificate = TestCertificate.of("registry.ollama.ai", Files.createDirectory(home.resolve("tls")));
        registry = new FakeRegistry(certificate);
        registry.model("latest", TinyGguf.llama(1).toArray());
        registry.model("2b", TinyGguf.llama(2).toArray());
        proxy = new ConnectProxy("registry.ollama.ai", registry.address());
        served = ServedProgram.start(
                home,
                Map.of(
                        "HTTPS_PROXY",
                        proxy.address(),
                        "SSL_CERT_FILE",
                        certificate.file().toString()));
    }

    @AfterAll
    static void end() throws IOException {
        served.close();
        proxy.close();
        registry.close();
    }

    @Test
    void a_dev_service_finds_out_what_is_missing_and_pulls_it() throws Exception {
        assertThat(names(get("/api/tags"))).doesNotContain("orca-mini:latest");
        assertThat(post("/api/show", "{\"name\":\"orca-mini\"}").statusCode()).isEqualTo(404);

        var lines = post("/api/pull", "{\"name\":\"orca-mini\", \"stream\": true}");

        assertThat(lines.statusCode()).isEqualTo(200);
        assertThat(lines.body().lines())
                .allSatisfy(
                        line -> assertThat(JSON.readTree(line).has("status")).isTrue())
                .anyMatch(ContainerToolsIT::isWholeBlob)
                .last()
                .isEqualTo("{\"status\":\"success\"}");
        assertThat(names(get("/api/tags"))).contains("orca-mini:latest");
        assertThat(post("/api/show", "{\"name\":\"orca-mini\"}").statusCode()).isEqualTo(200);
    }

    /** The words by which the dev service knows that a model is nowhere. */
    @Test
    void a_model_that_no_registry_has_is_told_in_the_stream() throws Exception {
        assertThat(post("/api/pull", "{\"name\":\"orca-mini:70b\", \"stream\": true}")
                        .body())
                .contains("file does not exist");
    }

    @Test
    void a_command_in_the_container_is_called_ollama() throws Exception {
        var ollama = served.puna()
                .by(Files.createSymbolicLink(
                        home.resolve("ollama"), Path.of("puna").toAbsolutePath()));

        assertThat(ollama.run("pull", "orca-mini:2b").exitCode()).isZero();
        assertThat(ollama.run("list").output()).contains("orca-mini:2b");
    }

    private static boolean isWholeBlob(String line) {
        try {
            var status = JSON.readTree(line);
            return status.path("digest").asText().startsWith("sha256:")
                    && status.path("total").asLong() > 0
                    && status.path("completed").asLong() == status.path("total").asLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(HttpResponse<String> tags) throws IOException {
        return JSON.readTree(tags.body()).path("models").findValuesAsText("name");
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    private static HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body)));
    }

    private static URI uri(String path) {
        return URI.create("http://" + served.address() + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
        }
    }
}
