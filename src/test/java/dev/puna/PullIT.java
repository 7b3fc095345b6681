// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.puna.support.FakeRegistry;
import dev.puna.support.ServedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulls that end before their time, from a registry that stops in the middle until it is told to go on. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PullIT {
    private static final int LENGTH = 5_000_000;
    private static final int BEFORE_THE_STOP = 3_000_000;

    private final FakeRegistry registry = new FakeRegistry();
    private final AtomicBoolean stops = new AtomicBoolean(true);
    private final byte[] weights = new byte[LENGTH];

    @TempDir
    Path home;

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void what_has_come_outlives_an_interrupted_command_and_a_killed_server() throws Exception {
        new Random(3).nextBytes(weights);
        var digest = registry.model("latest", weights).getFirst();
        registry.plan(exchange -> exchange.getRequestURI().getPath().endsWith(digest.text()) && stop(exchange));
        var model = registry.host() + "/me/model";

        try (var served = ServedProgram.start(home)) {
            var pull = served.puna().start("pull", "--insecure", model);
            awaitPart();
            // As Ctrl-C does, but also where the tests run in the background, whose children ignore that.
            pull.signal("TERM");
            var ended = pull.end();
            assertThat(ended.exitCode()).isEqualTo(143);
            assertThat(ended.errors())
                    .contains("puna: interrupted; what has come is kept, and 'puna pull " + model
                            + "' goes on from there");

            served.puna().start("pull", "--insecure", model);
            awaitRequestFrom(BEFORE_THE_STOP);
        }
        stops.set(false);
        try (var served = ServedProgram.start(home)) {
            var ended = served.puna().run("pull", "--insecure", model);

            assertThat(ended.exitCode()).as(ended.errors()).isZero();
            assertThat(ended.errors()).endsWith("success\n");
            assertThat(served.puna().run("list").output()).contains(model + ":latest");
        }
        assertThat(registry.requests().stream().filter(request -> request.contains(digest.text())))
                .last()
                .asString()
                .endsWith("bytes=%d-%d".formatted(BEFORE_THE_STOP, LENGTH - 1));
        assertThat(home.resolve(".ollama/models/blobs").resolve(digest.fileName()))
                .hasBinaryContent(weights);
    }

    private boolean stop(HttpExchange exchange) throws IOException {
        if (!stops.get()) {
            return false;
        }
        var range = exchange.getRequestHeaders().getFirst("Range").substring("bytes=".length());
        var from = Integer.parseInt(range.substring(0, range.indexOf('-')));
        exchange.getResponseHeaders().set("Content-Range", "bytes " + range + "/" + LENGTH);
        exchange.sendResponseHeaders(206, LENGTH - from);
        exchange.getResponseBody().write(weights, from, BEFORE_THE_STOP - from);
        exchange.getResponseBody().flush();
        for (var i = 0; i < 600 && stops.get(); i++) {
            sleep();
        }
        return true;
    }

    /** Until the part before the stop is on the disk. */
    private void awaitPart() throws IOException {
        for (var i = 0; i < 600; i++) {
            var blobs = home.resolve(".ollama/models/blobs");
            if (Files.isDirectory(blobs)) {
                try (var files = Files.list(blobs)) {
                    if (files.anyMatch(file ->
                            file.toString().endsWith("-pull") && file.toFile().length() >= BEFORE_THE_STOP)) {
                        return;
                    }
                }
            }
            sleep();
        }
        throw new AssertionError("nothing has come: " + registry.requests());
    }

    private void awaitRequestFrom(int position) {
        for (var i = 0; i < 600; i++) {
            if (registry.requests().stream().anyMatch(request -> request.contains("bytes=" + position + "-"))) {
                return;
            }
            sleep();
        }
        throw new AssertionError("nobody has gone on: " + registry.requests());
    }

    private static void sleep() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
