// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** A client with a key, by which the server tells it from others. */
record KeyedClient(PunaUnderTest puna, String key) {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Asks for a text, reads all of it, and tells when its first piece came. */
    double firstMillis(int tokens) throws IOException, InterruptedException {
        var start = System.nanoTime();
        var response = send(tokens, LONGEST);
        if (response.statusCode() != 200) {
            throw new IOException("answered " + response.statusCode());
        }
        try (var lines = response.body()) {
            var iterator = lines.iterator();
            iterator.next();
            var first = System.nanoTime();
            iterator.forEachRemaining(_ -> {});
            return (first - start) / 1e6;
        }
    }

    /** Asks for a text, and tells when the refusal came; nothing if it was answered or not soon. */
    OptionalDouble refusedMillis() throws IOException, InterruptedException {
        var start = System.nanoTime();
        HttpResponse<Stream<String>> response;
        try {
            response = send(1, PATIENCE);
        } catch (HttpTimeoutException _) {
            return OptionalDouble.empty();
        }
        var millis = (System.nanoTime() - start) / 1e6;
        response.body().close();
        return response.statusCode() == 503 ? OptionalDouble.of(millis) : OptionalDouble.empty();
    }

    private HttpResponse<Stream<String>> send(int tokens, Duration patience) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(puna.server().base + "/api/generate"))
                .timeout(patience)
                .header("Authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString(SlowReader.body(tokens)))
                .build();
        return CLIENT.send(request, BodyHandlers.ofLines());
    }
}
