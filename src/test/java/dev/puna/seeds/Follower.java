// SPDX-License-Identifier: Apache-2.0
package dev.puna.seeds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.KeepAlive;
import dev.puna.settings.Settings;
import dev.puna.support.ClientPackages;
import dev.puna.support.OutsideProgram;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Someone who does what guides say, with our program under the name of {@code ollama} in the path and the models at hand
 * that the guides name. What is run is as written, but for the server's address and the placeholder of a model's name.
 *
 * <p><b>Owns</b> an HTTP client. <b>Threads:</b> one.
 */
final class Follower implements AutoCloseable {
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final String DEFAULT_ADDRESS = "localhost:11434";
    private static final Pattern KEY = Pattern.compile("\"(\\w+)\"\\s*:");

    /** The names of models in the guides, all of them the same small one here. */
    private static final List<String> MODELS =
            List.of("gemma3:1b", "my-chatbot", "llama3.2", "llama3.2:1b", "qwq", "qwen3:1.7b", "model_name");

    private final ServedProgram served;
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    Follower(ServedProgram served, Path folder) throws IOException {
        this.served = served;
        this.folder = folder;
        Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("bin/ollama"), Path.of("puna").toAbsolutePath());
        Files.writeString(folder.resolve(".curlrc"), "silent\nshow-error\n");
        served.create("small", TestModels.smolLm2(), "PARAMETER num_predict 24", "PARAMETER temperature 0");
    }

    /** Puts every model in place, whatever earlier examples have deleted. */
    void prepare(Example example) throws IOException, InterruptedException {
        for (var model : MODELS) {
            copy("small", model);
        }
        if (example.text().contains("embedding")) {
            served.create("my-embedder", TestModels.miniLm());
            copy("my-embedder", "my-chatbot");
        }
    }

    private void copy(String source, String destination) throws IOException, InterruptedException {
        send("/api/copy", "{\"source\":\"%s\",\"destination\":\"%s\"}".formatted(source, destination));
    }

    void follow(Example example, Plan plan) throws IOException, InterruptedException {
        switch (plan) {
            case Plan.Program program -> {
                var ended = run(example, program);
                assertThat(ended.exitCode()).as(ended.output()).isZero();
                assertThat(ended.output()).containsPattern(program.output()).doesNotContain("{\"error\":");
            }
            case Plan.Request request ->
                assertThat(send(request.path(), body(example, request.path())))
                        .containsPattern(request.output())
                        .doesNotContain("{\"error\":");
            case Plan.Options options ->
                assertThat(send(options.path(), withOptions(example)))
                        .contains("\"done\":true")
                        .doesNotContain("{\"error\":");
            case Plan.Answer answer -> assertThat(keys(real(answer))).containsAll(keys(example.text()));
            case Plan.Address _ -> assertThat(example.text()).contains(DEFAULT_ADDRESS);
            case Plan.Serve _ -> serve(example);
            case Plan.Environment _ -> assertSettings(example);
            case Plan.Excepted excepted -> {
                var ended = run(example, excepted.plan());
                assertThat(ended.output())
                        .as("an exception because %s; is it still?", excepted.reason())
                        .containsPattern(excepted.outcome());
                assertThat(succeeded(ended, excepted.plan()))
                        .as("an exception because %s, and yet it works", excepted.reason())
                        .isFalse();
            }
        }
    }

    private static boolean succeeded(OutsideProgram.Outcome ended, Plan.Program program) {
        return ended.exitCode() == 0
                && Pattern.compile(program.output()).matcher(ended.output()).find();
    }

    private OutsideProgram.Outcome run(Example example, Plan.Program program) throws IOException {
        var text = here(program.before() + example.text() + program.after());
        var language = example.language();
        var name = example.name().replace('/', '-');
        return switch (language) {
            case "bash", "" -> outside(name + ".sh", text, "bash");
            case "python" -> outside(name + ".py", text, "python3");
            case "javascript" -> outside(name + ".js", text, "node");
            case "go" -> {
                ClientPackages.onlyWithGo();
                yield outside(name + ".go", text, "go", "run");
            }
            default -> throw new AssertionError("nothing runs " + language);
        };
    }

    private OutsideProgram.Outcome outside(String file, String text, String... interpreter) throws IOException {
        var script = Files.writeString(folder.resolve(file), text + "\n");
        var command = new ArrayList<>(List.of(interpreter));
        command.add(script.toString());
        return OutsideProgram.run(folder, environment(), BOUND, command);
    }

    private Map<String, String> environment() throws IOException {
        var environment = new HashMap<String, String>();
        environment.put("PATH", folder.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
        environment.put("CURL_HOME", folder.toString());
        environment.put("PUNA_BUILD", "never");
        environment.put("PUNA_NATIVE_LIBS", TestModels.nativeLibraries().toString());
        // The stronger names may be set where the tests run; empty ones count as unset.
        environment.put("PUNA_HOST", "");
        environment.put("PUNA_MODELS", "");
        environment.put("OLLAMA_HOST", served.address());
        environment.put("OLLAMA_MODELS", folder.resolve("models").toString());
        environment.put("PYTHONPATH", ClientPackages.python().toString());
        environment.put("NODE_PATH", ClientPackages.javaScript().toString());
        return environment;
    }

    private String here(String text) {
        return text.replace(DEFAULT_ADDRESS, served.address()).replace("<model>", "my-chatbot");
    }

    /** The body of a request that may have its method and path in the line before. */
    private static String body(Example example, String path) {
        var line = "POST " + path + "\n";
        return example.text().startsWith(line) ? example.text().substring(line.length()) : example.text();
    }

    private static String withOptions(Example example) {
        var options = example.text().replaceAll("//.*", "");
        return "{\"model\":\"my-chatbot\",\"prompt\":\"Hello\",\"stream\":false,\"options\":" + options + "}";
    }

    private String real(Plan.Answer answer) throws IOException, InterruptedException {
        if (answer.path().equals("/api/ps")) {
            send("/api/generate", "{\"model\":\"my-chatbot\"}");
        }
        return send(answer.path(), answer.body());
    }

    private String send(String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://" + served.address() + path))
                .timeout(BOUND);
        if (!body.isEmpty()) {
            request.POST(BodyPublishers.ofString(body));
        }
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }

    /** Every name of a field, at any depth; examples of answers are cut short in ways that no parser reads. */
    private static Set<String> keys(String text) {
        return KEY.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private void serve(Example example) throws IOException, InterruptedException {
        var address = ServedProgram.freeAddress();
        var log = folder.resolve("serve.log").toFile();
        var builder = new ProcessBuilder("bash", "-c", "exec " + example.text().replaceFirst("^#.*\n", ""))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log);
        builder.environment().putAll(environment());
        builder.environment().put("OLLAMA_HOST", address);
        var process = builder.start();
        try {
            var greeting = "";
            for (var i = 0; i < 600 && process.isAlive() && greeting.isEmpty(); i++) {
                greeting = greeting(address);
            }
            assertThat(greeting).as(Files.readString(log.toPath())).isEqualTo("Ollama is running");
        } finally {
            process.destroy();
            assertThat(process.waitFor(BOUND)).isTrue();
        }
    }

    private String greeting(String address) throws InterruptedException {
        try {
            var request =
                    HttpRequest.newBuilder(URI.create("http://" + address)).timeout(BOUND);
            return http.send(request.build(), BodyHandlers.ofString()).body();
        } catch (IOException notYet) {
            Thread.sleep(100);
            return "";
        }
    }

    private static void assertSettings(Example example) {
        var variables = example.text()
                .lines()
                .map(line -> line.replaceFirst("\\s*#.*", "").split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));

        var settings = Settings.from(variables);

        assertThat(variables).containsOnlyKeys("OLLAMA_HOST", "OLLAMA_ORIGINS", "OLLAMA_MODELS", "OLLAMA_KEEP_ALIVE");
        assertThat(settings.host().host()).isEqualTo("0.0.0.0");
        assertThat(settings.origins()).containsExactly("*");
        assertThat(settings.models()).isEqualTo(Path.of("/path/to/models"));
        assertThat(settings.keepAlive()).isEqualTo(KeepAlive.of(Duration.ofMinutes(5)));
    }

    @Override
    public void close() {
        http.close();
    }
}
