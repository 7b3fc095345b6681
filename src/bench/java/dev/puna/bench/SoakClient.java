// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** One who uses a server as people and their mistakes do, an action at a time. Models are as {@link Soak} made them. */
final class SoakClient {
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final Duration SLOW = Duration.ofSeconds(20);
    private static final List<String> WRONG = List.of(
            "POST /api/generate {\"model\":\"absent\",\"prompt\":\"a\"}",
            "POST /api/generate {\"model\":\"kept\",\"prompt\":\"a\",\"options\":{\"num_ctx\":\"many\"}}",
            "POST /api/generate {\"model\":\"kept\",\"prompt\":\"a\",\"format\":\"xml\"}",
            "POST /api/generate {\"model\":\"kept\",\"prompt\":\"a\",\"images\":[\"bm8=\"]}",
            "POST /api/chat {\"model\":\"kept\",\"messages\":[{\"role\":\"nobody\"",
            "POST /api/chat {\"model\":\"vectors\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
            "POST /api/chat [[[[[[[[",
            "POST /v1/chat/completions {\"model\":\"kept\"}",
            "POST /api/create {\"model\":\"broken\",\"stream\":false,\"files\":{\"a.gguf\":\"sha256:00\"}}",
            "POST /api/embed {\"model\":\"vectors\",\"input\":7}",
            "DELETE /api/delete {\"model\":\"absent\"}",
            "PUT /api/tags {}",
            "GET /no/such/path ");

    private final String base;
    private final Random random;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(BOUND)
            .build();

    SoakClient(String base, long seed) {
        this.base = base;
        random = new Random(seed);
    }

    /** How long until the next action, in ms. */
    long pause() {
        return 200L + random.nextInt(1_500);
    }

    /**
     * Does one thing of this kind, and says what came of it.
     *
     * @throws IOException if the server broke off, which it must never
     */
    String act(int kind) throws IOException, InterruptedException {
        return switch (kind) {
            case 0 -> talk("kept", 4 + random.nextInt(30));
            case 1 -> turn(random.nextBoolean() ? "other" : "tiny");
            case 2 -> cancel("kept");
            case 3 -> embed();
            case 4 -> mistake();
            case 5 -> readSlowly();
            default -> keepHouse();
        };
    }

    private String talk(String model, int tokens) throws IOException, InterruptedException {
        return "answered " + status(200, "POST", "/api/generate", prompt(model, tokens));
    }

    /** With models that are not always there; one of three answers is left. */
    private String turn(String model) throws IOException, InterruptedException {
        return random.nextInt(3) == 0 ? cancel(model) : talk(model, 4 + random.nextInt(12));
    }

    private String cancel(String model) throws IOException, InterruptedException {
        var response = client.send(request("POST", "/api/generate", prompt(model, 300)), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            for (var i = random.nextInt(200); i >= 0 && body.read() >= 0; i--) {
                // What was said is of no interest.
            }
        }
        return "left " + expect(200, response, "");
    }

    private String embed() throws IOException, InterruptedException {
        var texts = new StringBuilder();
        for (var i = random.nextInt(8); i >= 0; i--) {
            texts.append('"').append(Prompts.words(1 + random.nextInt(60))).append(i == 0 ? "\"" : "\",");
        }
        var keep = random.nextInt(4) == 0 ? ",\"keep_alive\":0" : "";
        return "vectors "
                + status(200, "POST", "/api/embed", "{\"model\":\"vectors\",\"input\":[" + texts + "]" + keep + "}");
    }

    private String mistake() throws IOException, InterruptedException {
        var parts = WRONG.get(random.nextInt(WRONG.size())).split(" ", 3);
        var response = client.send(request(parts[0], parts[1], parts[2]), BodyHandlers.ofString());
        if (response.statusCode() < 400 || response.statusCode() >= 500) {
            throw new IOException(String.join(" ", parts) + ": " + response.statusCode() + " " + response.body());
        }
        return "refused 4xx";
    }

    /** A generation that is read a few bytes a second, and left after a while. */
    private String readSlowly() throws IOException, InterruptedException {
        try (var reader = new SlowReader(URI.create(base), "kept", 400)) {
            reader.readSlowlyFor(SLOW);
        }
        return "read slowly";
    }

    /** A model is made of another, looked at, copied and deleted. */
    private String keepHouse() throws IOException, InterruptedException {
        var name = "made" + random.nextInt(1_000_000);
        status(
                200,
                "POST",
                "/api/create",
                "{\"model\":\"" + name + "\",\"from\":\"kept\",\"system\":\"" + Prompts.words(20)
                        + "\",\"stream\":false}");
        status(200, "POST", "/api/show", "{\"model\":\"" + name + "\"}");
        status(200, "POST", "/api/copy", "{\"source\":\"" + name + "\",\"destination\":\"copy-" + name + "\"}");
        status(200, "GET", "/api/tags", "");
        status(200, "DELETE", "/api/delete", "{\"model\":\"" + name + "\"}");
        return "kept house " + status(200, "DELETE", "/api/delete", "{\"model\":\"copy-" + name + "\"}");
    }

    private static String prompt(String model, int tokens) {
        var keep = model.equals("kept") ? "-1" : "\"1m\"";
        return ("{\"model\":\"%s\",\"raw\":true,\"prompt\":\"%s\",\"keep_alive\":%s,"
                        + "\"options\":{\"num_predict\":%d}}")
                .formatted(model, Prompts.story(), keep, tokens);
    }

    private int status(int expected, String method, String path, String body) throws IOException, InterruptedException {
        var response = client.send(request(method, path, body), BodyHandlers.ofString());
        return expect(expected, response, response.body());
    }

    private static int expect(int expected, HttpResponse<?> response, String body) throws IOException {
        if (response.statusCode() != expected || body.contains("\"error\"")) {
            throw new IOException(response.uri() + " answered " + response.statusCode() + " " + body);
        }
        return expected;
    }

    private HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(BOUND)
                .method(method, BodyPublishers.ofString(body))
                .build();
    }
}
