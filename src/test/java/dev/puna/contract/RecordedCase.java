// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.support.RawExchange;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One recorded exchange.
 *
 * @param file name of the recording, {@code 036-blob-post-ok-small}; they sort in the order of the exchanges
 * @param recording what was asked and answered
 */
record RecordedCase(String file, JsonNode recording) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The recordings whose names are wanted, in order. */
    static List<RecordedCase> load(Predicate<String> wanted) {
        try (var files = Files.list(resource("/golden/http"))) {
            return files.sorted()
                    .map(RecordedCase::read)
                    .filter(recorded -> wanted.test(recorded.file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The case's own name, without its number: {@code blob-post-ok-small}. */
    String name() {
        return recording.path("case").asText();
    }

    /** Why some cases differ on purpose, by their names: {@code golden/known.json}, which the replayer takes too. */
    static Map<String, String> known() {
        return reasons("/golden/known.json");
    }

    /**
     * Which keys of answers are other ones in a newer Ollama than the recorded one, and since when: {@code golden/newer.json}. A key
     * after a minus has gone, one after a plus has come.
     */
    static Map<String, String> newer() {
        return reasons("/golden/newer.json");
    }

    private static Map<String, String> reasons(String file) {
        try {
            var reasons = new HashMap<String, String>();
            JSON.readTree(resource(file).toFile())
                    .properties()
                    .forEach(entry ->
                            reasons.put(entry.getKey(), entry.getValue().asText()));
            return reasons;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the real server answered. */
    RecordedAnswer expected() {
        var response = recording.path("response");
        var headers = new HashMap<String, String>();
        response.path("headers")
                .forEach(header -> headers.put(
                        header.path(0).asText().toLowerCase(Locale.ROOT),
                        header.path(1).asText()));
        var body = response.path("body_truncated").asBoolean()
                ? Optional.<String>empty()
                : Optional.of(response.path("body").asText());
        return new RecordedAnswer(response.path("status").asInt(), headers, body);
    }

    /** Sends the recorded request to a server and takes its answer. */
    RecordedAnswer replay(URI server) throws IOException {
        var request = recording.path("request");
        var file = bodyFile(request.path("body_file").asText());
        var head = new ArrayList<String>();
        head.add(request.path("method").asText() + " " + request.path("path").asText() + " HTTP/1.1");
        for (var header : request.path("headers")) {
            var name = header.path(0).asText();
            var value = header.path(1).asText().replace("$HOST", server.getAuthority());
            head.add(name + ": " + value);
        }
        head.add("Connection: close");
        head.add("");
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(head.toArray(String[]::new));
            if (file.isPresent()) {
                exchange.write(file.get());
            } else {
                exchange.write(request.path("body").asText());
            }
            var body = request.path("method").asText().equals("HEAD") ? "" : exchange.body();
            return new RecordedAnswer(exchange.status(), exchange.headers(), Optional.of(body));
        }
    }

    private static Optional<Path> bodyFile(String name) {
        return switch (name) {
            case "" -> Optional.empty();
            case "$MODELS/gemma3-270m-q4_k_m.gguf" -> Optional.of(TestModels.gemma());
            case "$MODELS/all-minilm-l6-v2-f16.gguf" -> Optional.of(TestModels.miniLm());
            case "$MODELS/SmolLM2-135M-Instruct.Q4_1.gguf" -> Optional.of(TestModels.smolLm2());
            default -> throw new IllegalStateException("no such test model: " + name);
        };
    }

    private static RecordedCase read(Path file) {
        try {
            return new RecordedCase(file.getFileName().toString().replace(".json", ""), JSON.readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    requireNonNull(RecordedCase.class.getResource(name), name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return file;
    }
}
