// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Posts JSON to a server and reads JSON, over a connection of its own for each request; every answer comes within a bound. */
record JsonClient(URI server) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** The answer, whatever its status. */
    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return post(path, BodyPublishers.ofString(body));
    }

    HttpResponse<String> post(String path, BodyPublisher body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(BOUND)
                .POST(body)
                .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    /** The one object of an answer with status 200. */
    JsonNode object(String path, String body) throws IOException, InterruptedException {
        return json(succeeded(path, body));
    }

    /** The lines of a streamed answer with status 200. */
    List<JsonNode> lines(String path, String body) throws IOException, InterruptedException {
        return succeeded(path, body).lines().map(JsonClient::json).toList();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private String succeeded(String path, String body) throws IOException, InterruptedException {
        var response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
