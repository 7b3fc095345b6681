// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.cli.client.ServerJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class RunCommandTest {
    private static final String DONE = """
            {"response":"","done":true,"done_reason":"length","total_duration":399339138,"load_duration":836559,\
            "prompt_eval_count":36,"prompt_eval_duration":28633000,"eval_count":24,"eval_duration":365171000}""";

    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        server.on("POST /api/show", 200, "{\"capabilities\":[\"completion\"]}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "40-run-stdin         | run gemma3-chat                      | The capital of France is",
                "42-run-verbose       | run --verbose gemma3-chat Say hello. |",
                "44-run-nowordwrap    | run --nowordwrap gemma3-chat Say hello. |",
                "45-run-keepalive     | run --keepalive 1m gemma3-chat Say hello. |",
            })
    void an_answer_is_printed_as_recorded(String recording, String words, String input) {
        var recorded = Recording.of(recording);
        answer(recorded.output().substring(0, recorded.output().length() - 2));

        var ended = cli().reading(input == null ? "" : input).run(words.split(" (?!hello)"));

        assertThat(ended.asRecording()).isEqualTo(recorded);
        var asked = server.last("POST /api/generate").json();
        assertThat(asked.text("prompt")).isEqualTo(input == null ? "Say hello." : input);
        assertThat(asked.text("keep_alive")).isEqualTo(words.contains("keepalive") ? "1m0s" : "");
    }

    @Test
    void a_image_is_sent_to_a_model_that_sees_and_its_path_to_one_that_does_not(@TempDir Path folder)
            throws IOException {
        var cat = Files.write(folder.resolve("cat.png"), new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});
        answer("a cat");

        cli().run("run", "blind", "what is this? " + cat);
        var blind = server.last("POST /api/generate").json();
        server.on("POST /api/show", 200, "{\"capabilities\":[\"completion\",\"vision\"]}");
        var ended = cli().run("run", "eyes", "what is this? " + cat);
        var seen = server.last("POST /api/generate").json();

        assertThat(blind.text("prompt")).endsWith("/cat.png");
        assertThat(blind.keys()).doesNotContain("images");
        assertThat(seen.text("prompt")).isEqualTo("what is this?");
        assertThat(ServerJson.write(seen.at("images"))).isEqualTo("[\"/9j/\"]");
        assertThat(ended.errors()).contains("Added image '" + cat + "'");
    }

    @Test
    void what_is_piped_in_stands_before_the_prompt() {
        answer("ok");

        assertThat(cli().reading("stdin text\n")
                        .run("run", "gemma3-chat", "Prefix:", "more")
                        .exitCode())
                .isZero();

        assertThat(server.last("POST /api/generate").json().text("prompt")).isEqualTo("stdin text\n Prefix: more");
    }

    @Test
    void flags_become_fields_of_the_request() {
        answer("{}");

        cli().run("run", "--format", "json", "--think=high", "--keepalive", "-1m", "m", "hi", "--verbose=false");
        assertThat(server.last("POST /api/generate").json())
                .isEqualTo(ServerJson.read("""
                {"model":"m","format":"json","keep_alive":"-1s","think":"high","prompt":"hi"}""").orElseThrow());

        cli().run("run", "--format={\"type\":\"object\"}", "--think", "m", "hi");
        assertThat(server.last("POST /api/generate").json())
                .isEqualTo(ServerJson.read("""
                {"model":"m","format":{"type":"object"},"think":true,"prompt":"hi"}""").orElseThrow());
    }

    @Test
    void a_format_that_is_no_JSON_is_refused_as_recorded() {
        assertThat(cli().run("run", "--format", "xml", "gemma3-chat", "x").asRecording())
                .isEqualTo(Recording.of("48-run-format-bad"));
        assertThat(cli().run("run", "--format", "{", "gemma3-chat", "x").exitCode())
                .isEqualTo(1);
    }

    @Test
    void thinking_stands_before_the_answer_unless_hidden() {
        server.on("POST /api/show", 200, "{\"capabilities\":[\"completion\",\"thinking\"]}")
                .streams(
                        "POST /api/generate",
                        "{\"thinking\":\"Hm,\",\"response\":\"\"}",
                        "{\"thinking\":\" well.\",\"response\":\"\"}",
                        "{\"response\":\"Yes.\"}",
                        DONE);

        assertThat(cli().run("run", "--think", "m", "x"))
                .isEqualTo(new Cli.Ended(0, "Thinking...\nHm, well.\n...done thinking.\n\nYes.\n\n", ""));
        assertThat(cli().run("run", "--think", "--hidethinking", "m", "x").output())
                .isEqualTo("Yes.\n\n");
    }

    @Test
    void a_model_that_cannot_think_is_the_servers_business() {
        answer("ok");

        assertThat(cli().run("run", "--think", "m", "x").errors()).isEmpty();
        assertThat(server.last("POST /api/generate").body()).contains("\"think\":true");
        cli().run("run", "m", "x");
        assertThat(server.last("POST /api/generate").body()).doesNotContain("think");
    }

    @Test
    void a_model_that_thinks_is_asked_to_unless_something_else_is_said() {
        answer("ok");
        server.on("POST /api/show", 200, "{\"capabilities\":[\"completion\",\"thinking\"]}");

        cli().run("run", "m", "x");
        assertThat(server.last("POST /api/generate").body()).contains("\"think\":true");
        cli().run("run", "--think=false", "m", "x");
        assertThat(server.last("POST /api/generate").body()).contains("\"think\":false");
    }

    @Test
    void an_embedding_model_prints_its_vector() {
        server.on("POST /api/show", 200, "{\"capabilities\":[\"embedding\"]}")
                .on("POST /api/embed", 200, "{\"embeddings\":[[0.25,-1.5e-7,1]]}");

        assertThat(cli().run("run", "all-minilm", "hello", "--truncate=false", "--dimensions", "3")
                        .output())
                .isEqualTo("[0.25,-1.5e-7,1]\n");
        assertThat(server.last("POST /api/embed").json())
                .isEqualTo(ServerJson.read("""
                {"model":"all-minilm","input":"hello","truncate":false,"dimensions":3}""").orElseThrow());
        assertThat(cli().run("run", "all-minilm").errors())
                .isEqualTo(
                        "Error: embedding models require input text. Usage: puna run all-minilm \"your text here\"\n");
    }

    @Test
    void a_missing_model_is_pulled_first() {
        server.on("POST /api/show", exchange -> {
                    var known = server.requests().stream()
                            .anyMatch(request -> request.line().equals("POST /api/pull"));
                    var body = known ? "{}" : "{\"error\":\"model 'm' not found\"}";
                    exchange.sendResponseHeaders(known ? 200 : 404, body.length());
                    exchange.getResponseBody().write(body.getBytes(UTF_8));
                })
                .streams("POST /api/pull", "{\"status\":\"success\"}");
        answer("ok");

        assertThat(cli().run("run", "m", "hi")).isEqualTo(new Cli.Ended(0, "ok\n\n", "success\n"));
    }

    @Test
    void a_missing_model_is_told_of_while_the_server_cannot_pull() {
        server.on("POST /api/show", 404, "{\"error\":\"model 'm' not found\"}");

        var ended = cli().run("run", "m", "hi");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors())
                .startsWith("Error: model 'm' not found, and pulling models comes with a later version");
    }

    @Test
    void an_error_after_some_text_ends_the_command_with_it() {
        server.streams("POST /api/generate", "{\"response\":\"Once upon\"}", "{\"error\":\"the model crashed\"}");

        assertThat(cli().run("run", "m", "x")).isEqualTo(new Cli.Ended(1, "Once upon", "Error: the model crashed\n"));
    }

    @Test
    void a_server_that_dies_in_the_middle_is_told_of() {
        server.on("POST /api/generate", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{\"response\":\"Once\"}\n".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            server.close();
        });

        var ended = cli().run("run", "m", "x");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).isEqualTo("Once");
        assertThat(ended.errors()).startsWith("Error: the connection to the server at 127.0.0.1:");
    }

    @Test
    void each_piece_is_printed_as_soon_as_it_comes() throws Exception {
        var printed = new CountDownLatch(1);
        server.on("POST /api/generate", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{\"response\":\"first\"}\n".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            await(printed);
            exchange.getResponseBody().write((DONE + "\n").getBytes(UTF_8));
        });
        try (var reader = new PipedReader();
                var writer = new PipedWriter(reader)) {
            var command = Thread.ofVirtual().start(() -> execute(writer, "run", "m", "x"));
            var text = new char[5];
            for (var read = 0; read < text.length; ) {
                read += reader.read(text, read, text.length - read);
            }
            printed.countDown();

            assertThat(new String(text)).isEqualTo("first");
            assertThat(command.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void an_output_that_nobody_reads_ends_the_command_quietly() {
        server.streams(
                "POST /api/generate",
                Stream.generate(() -> "{\"response\":\"more \"}").limit(1000).toArray(String[]::new));
        var closed = new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        assertThat(execute(closed, "run", "m", "x")).isEqualTo(141);
    }

    private int execute(Writer out, String... words) {
        var context = new CliContext(
                Map.of("PUNA_HOST", "127.0.0.1:" + server.port()),
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                Terminals.NONE,
                () -> 60,
                Clock.systemUTC(),
                _ -> "{}",
                (_, _, _, _, _) -> {});
        return CommandTree.of(context, words).execute(words);
    }

    /** Answers in pieces of three characters. */
    private void answer(String text) {
        var pieces = Stream.iterate(0, start -> start < text.length(), start -> start + 3)
                .map(start -> text.substring(start, Math.min(start + 3, text.length())))
                .map(piece -> ServerJson.write(Map.of("response", piece, "done", false)));
        server.streams(
                "POST /api/generate", Stream.concat(pieces, Stream.of(DONE)).toArray(String[]::new));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Cli cli() {
        return new Cli(server.port());
    }
}
