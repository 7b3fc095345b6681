// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.PackagedProgram;
import dev.puna.support.PackagedProgram.Ended;
import dev.puna.support.TestImages;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's day with the packaged program and a real model: commands in processes of their own against a server in its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EndToEndIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private PackagedProgram puna;
    private String address;
    private PackagedProgram.Running server;

    @BeforeEach
    void serve() throws IOException {
        address = "127.0.0.1:" + freePort();
        puna = new PackagedProgram(home)
                .with("PUNA_NATIVE_LIBS", TestModels.nativeLibraries().toString())
                .with("PUNA_HOST", address)
                .with("PUNA_THREADS", "1")
                .with("PUNA_SHUTDOWN_GRACE", "1s");
        server = puna.start("serve");
        waitFor("the server to answer", () -> puna.run("list").exitCode() == 0);
        create();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void a_model_made_from_a_file_answers_and_is_listed_until_it_is_removed() {
        assertThat(succeeded(puna.run("list")).output()).contains("small:latest");

        assertThat(succeeded(puna.run("run", "small", "Name one colour.")).output())
                .isNotBlank();
        assertThat(succeeded(puna.runReading("The grass is green.", "run", "small", "Repeat that."))
                        .output())
                .isNotBlank();
        assertThat(succeeded(puna.run("ps")).output()).contains("small:latest", "CPU");

        succeeded(puna.run("stop", "small"));
        waitFor("the model to be unloaded", () -> !puna.run("ps").output().contains("small"));
        assertThat(succeeded(puna.run("rm", "small")).output()).contains("deleted 'small'");
        assertThat(succeeded(puna.run("list")).output()).doesNotContain("small");
    }

    @Test
    void a_model_with_a_projector_sees_the_image_that_a_prompt_names() throws IOException {
        TinyGguf.llama(1).writeTo(home.resolve("model.gguf"));
        TinyProjector.llava(1).writeTo(home.resolve("mmproj.gguf"));
        var image = Files.write(home.resolve("a picture.png"), TestImages.png(1));
        var file = Files.writeString(home.resolve("Eyes"), """
                FROM ./model.gguf
                FROM ./mmproj.gguf
                PARAMETER num_predict 8
                """);

        succeeded(puna.run("create", "eyes", "-f", file.toString()));
        var answer =
                succeeded(puna.run("run", "eyes", "What is " + image.toString().replace(" ", "\\ ") + "?"));

        assertThat(succeeded(puna.run("show", "eyes")).output()).contains("vision");
        assertThat(answer.errors()).contains("Added image '" + image + "'");
    }

    @Test
    void a_server_that_is_stopped_while_it_streams_ends_the_answer_with_an_error_and_itself_with_0() throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://" + address + "/api/generate"))
                .timeout(BOUND)
                .POST(BodyPublishers.ofString("""
                        {"model":"small","prompt":"1, 2, 3, 4, 5, 6, 7, 8,","raw":true}"""))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var lines = client.send(request, BodyHandlers.ofLines()).body().iterator();
            assertThat(lines.next()).contains("\"done\":false");

            var stopped = server.stop();

            assertThat(stopped.exitCode()).as(stopped.errors()).isZero();
            assertThat(stopped.errors()).doesNotContain("\tat ");
            assertThat(last(lines)).startsWith("{\"error\":");
        }
    }

    private static String last(Iterator<String> lines) {
        var last = "";
        while (lines.hasNext()) {
            last = lines.next();
        }
        return last;
    }

    private void create() throws IOException {
        var file = Files.writeString(home.resolve("Modelfile"), """
                FROM %s
                PARAMETER temperature 0
                PARAMETER num_ctx 2048
                PARAMETER num_predict 1500
                """.formatted(TestModels.smolLm2()));
        succeeded(puna.run("create", "small", "-f", file.toString()));
    }

    private static Ended succeeded(Ended ended) {
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        return ended;
    }

    private void waitFor(String what, BooleanSupplier happened) {
        var deadline = System.nanoTime() + BOUND.toNanos();
        while (!happened.getAsBoolean()) {
            assertThat(server.isAlive()).as(server.errors()).isTrue();
            assertThat(System.nanoTime()).as("waited for %s", what).isLessThan(deadline);
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
