// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.model.Digest;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestImages;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes, loads and runs hostile models by one server, which is started again when one ends it. <b>Owns</b> the server. <b>Threads:</b>
 * one.
 */
final class HostileTrial implements AutoCloseable {
    /** For one request. */
    private static final Duration BOUND = Duration.ofSeconds(40);

    /** An honest model that is always there. */
    static final String BASE = "base:latest";

    private static final String NAME = "hostile:latest";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> OPTIONS = Map.of("num_predict", 4, "num_ctx", 256, "temperature", 0);

    /** Opens a server with an empty store of its own, or what an earlier one left of it. */
    interface Starting {
        ServedProgram start() throws IOException, InterruptedException;
    }

    private final Starting starting;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(BOUND)
            .build();
    private final Digest base;
    private ServedProgram served;

    HostileTrial(Starting starting) throws IOException, InterruptedException {
        this.starting = starting;
        served = starting.start();
        base = upload(TinyGguf.llama(1).toArray());
        assertThat(post(
                                "POST",
                                "/api/create",
                                Map.of("model", BASE, "stream", false, "files", Map.of("m.gguf", base.text())))
                        .statusCode())
                .isEqualTo(200);
    }

    /** Bytes of memory that the server holds. */
    long residentBytes() throws IOException {
        return served.residentBytes();
    }

    /** Gives a model to the server, and brings that back to where it was. */
    Verdict judge(HostileModel model) throws IOException, InterruptedException {
        var verdict = judged(model);
        if (verdict == Verdict.UNRESPONSIVE || verdict == Verdict.ENDED) {
            served.close();
            served = starting.start();
        }
        var _ = post("DELETE", "/api/delete", Map.of("model", NAME));
        return verdict;
    }

    /** Whether an honest model is served as ever. */
    void requireHonestService() throws IOException, InterruptedException {
        var answer = post("POST", "/api/generate", generation(BASE, "hello", true, OPTIONS, Map.of()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private Verdict judged(HostileModel model) throws InterruptedException {
        try {
            var answer = post("POST", "/api/create", creation(model));
            if (answer.statusCode() != 200) {
                requireSentence(model, answer);
                return Verdict.REFUSED_AT_CREATE;
            }
            answer = model.use() == HostileModel.Use.EMBEDDING
                    ? post("POST", "/api/embed", Map.of("model", NAME, "input", "hello world"))
                    : post("POST", "/api/generate", generation(model));
            if (answer.statusCode() != 200) {
                requireSentence(model, answer);
                return Verdict.REFUSED_AT_LOAD;
            }
            return Verdict.RAN;
        } catch (HttpTimeoutException e) {
            return isAnswering() ? Verdict.HUNG : Verdict.UNRESPONSIVE;
        } catch (IOException e) {
            return isAnswering() ? Verdict.HUNG : served.isAlive() ? Verdict.UNRESPONSIVE : Verdict.ENDED;
        }
    }

    /** A connection may be gone a moment before its process is. */
    private boolean isAnswering() throws InterruptedException {
        for (var i = 0; i < 50 && served.isAlive(); i++) {
            try {
                if (send("GET", "/api/version", BodyPublishers.noBody()).statusCode() == 200) {
                    return true;
                }
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        return false;
    }

    private static void requireSentence(HostileModel model, HttpResponse<String> answer) throws IOException {
        var error = JSON.readTree(answer.body()).path("error").asText();
        assertThat(error).as("%s: %s", model, answer.body()).isNotBlank().doesNotContain("\tat ", "java.");
    }

    private Map<String, Object> creation(HostileModel model) throws IOException, InterruptedException {
        var digest = upload(model.file()).text();
        return switch (model.use()) {
            case TEXT, EMBEDDING -> Map.of("model", NAME, "stream", false, "files", Map.of("m.gguf", digest));
            case QUANTIZED ->
                Map.of("model", NAME, "stream", false, "files", Map.of("m.gguf", digest), "quantize", "q8_0");
            case ADAPTER -> Map.of("model", NAME, "stream", false, "from", BASE, "adapters", Map.of("a.gguf", digest));
            case PROJECTOR ->
                Map.of("model", NAME, "stream", false, "files", Map.of("m.gguf", base.text(), "mmproj.gguf", digest));
        };
    }

    private static Map<String, Object> generation(HostileModel model) {
        return switch (model.use()) {
            case PROJECTOR -> {
                var image = Base64.getEncoder().encodeToString(TestImages.png(1));
                yield generation(NAME, "[img-0] a", true, OPTIONS, Map.of("images", new String[] {image}));
            }
            case TEXT, EMBEDDING, ADAPTER, QUANTIZED ->
                // A template is used only where the prompt is not raw.
                generation(NAME, "hello world", !model.kind().equals("template"), OPTIONS, Map.of());
        };
    }

    /**
     * A request for an answer in one piece.
     *
     * @param options an object as JSON
     * @param others more fields of the request
     */
    static Map<String, Object> generation(
            String model, String prompt, boolean raw, Object options, Map<String, Object> others) {
        var body = new HashMap<>(others);
        body.putAll(Map.of("model", model, "prompt", prompt, "raw", raw, "stream", false, "options", options));
        return body;
    }

    private Digest upload(byte[] file) throws IOException, InterruptedException {
        var digest = Digest.of(file);
        var answer = send("POST", "/api/blobs/" + digest.text(), BodyPublishers.ofByteArray(file));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return digest;
    }

    /** Makes an honest model that sees by this projector. */
    void createWithProjector(String name, byte[] projector) throws IOException, InterruptedException {
        var files =
                Map.of("m.gguf", base.text(), "mmproj.gguf", upload(projector).text());
        assertThat(post("/api/create", Map.of("model", name, "stream", false, "files", files))
                        .statusCode())
                .isEqualTo(200);
    }

    /** Sends a body of JSON. */
    HttpResponse<String> post(String path, Map<String, Object> body) throws IOException, InterruptedException {
        return post("POST", path, body);
    }

    private HttpResponse<String> post(String method, String path, Map<String, Object> body)
            throws IOException, InterruptedException {
        return send(method, path, BodyPublishers.ofString(JSON.writeValueAsString(body)));
    }

    private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://" + served.address() + path))
                .method(method, body)
                .timeout(BOUND)
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        served.close();
        client.close();
    }
}
