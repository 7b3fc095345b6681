// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.go.GoText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Go itself, rendering templates. <b>Owns</b> a process. <b>Threads:</b> one. <b>Close</b> ends it. */
final class GoOracle implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path program;
    private Process process;
    private Writer questions;
    private BufferedReader answers;

    /** What came out: bytes as characters, or an error's text. One of the two is null. */
    record Rendering(@Nullable String output, @Nullable String error) {}

    private GoOracle(Path program, Process process) {
        this.program = program;
        this.process = process;
        this.questions = new OutputStreamWriter(process.getOutputStream(), UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    private static Process launched(Path program) throws IOException {
        return new ProcessBuilder(program.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void relaunch() throws IOException {
        close();
        process = launched(program);
        questions = new OutputStreamWriter(process.getOutputStream(), UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** Builds the program and starts it; empty on a machine without Go. */
    static Optional<GoOracle> start(Path folder) throws IOException, InterruptedException {
        var program = folder.resolve("templates");
        var build = new ProcessBuilder("go", "build", "-o", program.toString(), ".")
                .directory(Path.of("src/test/go/templates").toFile())
                .redirectErrorStream(true);
        build.environment().putAll(Map.of("GOPROXY", "off", "GOFLAGS", "-mod=mod", "GOTOOLCHAIN", "local"));
        build.redirectOutput(folder.resolve("build.txt").toFile());
        Process built;
        try {
            built = build.start();
        } catch (IOException absent) {
            return Optional.empty();
        }
        if (!built.waitFor(3, MINUTES) || built.exitValue() != 0) {
            built.destroyForcibly();
            throw new IOException("go build failed: " + Files.readString(folder.resolve("build.txt")));
        }
        return Optional.of(new GoOracle(program, launched(program)));
    }

    /** What Go makes of a template; empty if it takes too long or writes too much to be compared. */
    Optional<Rendering> render(String template, String data) throws IOException {
        questions.write("{\"template\":" + JSON.writeValueAsString(template) + ",\"data\":" + data + "}\n");
        questions.flush();
        var line = answers.readLine();
        if (line == null) {
            throw new IOException("the Go program ended");
        }
        var answer = JSON.readTree(line);
        if (answer.has("skipped")) {
            relaunch();
            return Optional.empty();
        }
        return Optional.of(
                answer.has("error")
                        ? new Rendering(
                                null, GoText.text(bytes(answer.get("error").asText())))
                        : new Rendering(bytes(answer.path("output").asText()), null));
    }

    private static String bytes(String base64) {
        return new String(Base64.getDecoder().decode(base64), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(10, SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
