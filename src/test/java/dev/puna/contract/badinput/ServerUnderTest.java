// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.support.TestGguf;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The server that a test attacks, with a model so tiny that it answers at once. <b>Threads:</b> any. */
final class ServerUnderTest implements AutoCloseable {
    /** The model's name. */
    static final String TINY = "besieged";

    /** No request of these tests may take longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    ServerUnderTest(URI server) {
        this.server = server;
    }

    URI uri() {
        return server;
    }

    /** Brings the model if it is not there. */
    ServerUnderTest armed() {
        createFrom(TINY, upload(TinyGguf.llama(1).toArray()), "").isServed();
        return this;
    }

    /** A body in JSON with {@code '} for the quotes, to stay readable. */
    Reply post(String path, String json) {
        return send("POST", path, json.replace('\'', '"').getBytes(UTF_8));
    }

    Reply send(String method, String path, byte[] body) {
        return send(method, path, BodyPublishers.ofByteArray(body));
    }

    Reply send(String method, String path, BodyPublisher body) {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .method(method, body)
                .timeout(PATIENCE)
                .build();
        try {
            var response = client.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Asks the tiny model for a few tokens; {@code more} is further fields, each with a comma before it. */
    Reply generate(String more) {
        return post("/api/generate", "{'model':'" + TINY + "','prompt':'a','stream':false" + more + "}");
    }

    /** Asks for a few tokens with one option. */
    Reply generateWith(String option) {
        return generate(",'options':{'num_predict':2," + option + "}");
    }

    /** Asks for a few tokens in the form of a schema. */
    Reply formatted(String schema) {
        return generate(",'options':{'num_predict':2,'temperature':0},'format':" + schema);
    }

    /** Puts a blob under its true digest. */
    Digest upload(byte[] content) {
        var digest = Digest.of(content);
        assertThat(send("POST", "/api/blobs/" + digest, content).status()).isIn(200, 201);
        return digest;
    }

    /** Creates a model from one blob; {@code more} is further fields, each with a comma before it. */
    Reply createFrom(String name, Digest weights, String more) {
        return post(
                "/api/create",
                "{'model':'" + name + "','files':{'w.gguf':'" + weights + "'},'stream':false" + more + "}");
    }

    /** Uploads a file and creates a model from it. */
    Reply create(String name, TestGguf weights, String more) {
        return createFrom(name, upload(weights.toArray()), more);
    }

    /** After whatever was done to it, it answers and it runs a model. */
    void stillServes() {
        send("GET", "/api/version", new byte[0]).isServed();
        generateWith("'temperature':0").isServed();
    }

    @Override
    public void close() {
        client.close();
    }
}
