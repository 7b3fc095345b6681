// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.registry.PushProgress.Blob;
import dev.puna.registry.PushProgress.Step;
import dev.puna.support.FakeRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pushes to a registry that is busy, forgetful, slow, or refuses. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PushFaultsTest {
    private static final int PART = 67_108_864;

    private final FakeRegistry other = new FakeRegistry();

    @TempDir
    private Path folder;

    private PullsOfTests puna;
    private FakeRegistry registry;

    @BeforeEach
    void open() {
        puna = new PullsOfTests(folder);
        registry = puna.registry;
    }

    @AfterEach
    void close() {
        puna.close();
        other.close();
    }

    @Test
    void a_busy_registry_is_asked_again() {
        puna.install("me/model", PullsOfTests.random(1_000));
        for (var path : new String[] {"/blobs/sha256:", "/blobs/uploads/", "/manifests/"}) {
            registry.planTimes(2, path, exchange -> refuse(exchange, 503));
        }

        assertThat(puna.push("me/model")).endsWith(Step.DONE);
    }

    @Test
    void what_the_registry_has_of_an_interrupted_upload_is_not_sent_again() throws Exception {
        var weights = PullsOfTests.random(100_000_000);
        var digest = puna.install("me/model", weights).getFirst();
        var stops = new AtomicBoolean(true);
        registry.plan(exchange -> stops.get()
                && String.valueOf(exchange.getRequestHeaders().getFirst("Content-Range"))
                        .startsWith(PART + "-")
                && stall(exchange, stops));
        var job = puna.pushJob("me/model");
        var ended = CompletableFuture.runAsync(() -> job.run(step -> {
            if (step instanceof Blob(var blob, var _, var done) && blob.equals(digest) && done >= PART) {
                job.cancel();
            }
        }));
        assertThatThrownBy(() -> ended.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(Cancelled.class);
        stops.set(false);
        var before = registry.uploads().received();

        assertThat(puna.push("me/model")).endsWith(Step.DONE);

        assertThat(registry.uploads().received() - before).isLessThan(weights.length - PART + 1_000);
        assertThat(registry.content(digest.text()))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(weights));
    }

    @Test
    void an_upload_that_the_registry_has_forgotten_is_begun_again() {
        var weights = PullsOfTests.random(100_000_000);
        var digest = puna.install("me/model", weights).getFirst();
        var once = new AtomicBoolean(true);
        registry.plan(exchange -> {
            var range = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Range"));
            if (range.startsWith(PART + "-") && once.getAndSet(false)) {
                registry.uploads().expire();
            }
            return false;
        });

        assertThat(puna.push("me/model")).endsWith(Step.DONE);

        assertThat(registry.content(digest.text())).isPresent();
    }

    @Test
    void a_registry_that_takes_less_than_a_part_gets_the_rest() {
        var weights = PullsOfTests.random(1_000_000);
        var digest = puna.install("me/model", weights).getFirst();
        var ranges = new CopyOnWriteArrayList<String>();
        registry.plan(exchange -> {
            var range = exchange.getRequestHeaders().getFirst("Content-Range");
            if (range == null) {
                return false;
            }
            ranges.add(range);
            return range.equals("0-999999") && registry.uploads().takeSome(exchange, 300_000);
        });

        assertThat(puna.push("me/model")).endsWith(Step.DONE);

        assertThat(ranges).contains("300000-999999");
        assertThat(registry.content(digest.text()))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(weights));
    }

    @Test
    void a_part_whose_address_has_expired_is_asked_for_anew() {
        var weights = PullsOfTests.random(150_000_000);
        var digest = puna.install("me/model", weights).getFirst();
        registry.uploads().redirectTo(other.host());
        other.planTimes(1, "/elsewhere/", exchange -> refuse(exchange, 403));
        other.plan(registry.uploads()::takeElsewhere);

        assertThat(puna.push("me/model")).endsWith(Step.DONE);
        assertThat(registry.content(digest.text()))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(weights));
    }

    @Test
    void a_registry_that_takes_nothing_more_is_left_after_some_tries() {
        puna.install("me/model", PullsOfTests.random(1_000_000));
        registry.plan(
                exchange -> exchange.getRequestMethod().equals("PATCH") && stall(exchange, new AtomicBoolean(true)));

        assertThatThrownBy(() -> puna.push("me/model"))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("max retries exceeded: Patch \"http://" + registry.host());
    }

    @Test
    void a_refusal_is_told_in_the_words_of_the_registry() {
        puna.install("me/model", PullsOfTests.random(1_000));
        registry.planTimes(100, "/blobs/uploads/", exchange -> {
            registry.answer(exchange, 403, "{\"errors\":[{\"code\":\"DENIED\"}]}".getBytes(UTF_8));
            return true;
        });

        assertRefused("403: {\"errors\":[{\"code\":\"DENIED\"}]}");
    }

    @Test
    void who_is_nobody_is_told_so() {
        puna.install("me/model", PullsOfTests.random(1_000));
        registry.plan(exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"here\"");
            registry.answer(exchange, 401, new byte[0]);
            return true;
        });

        assertRefused("unauthorized: access denied");
    }

    @Test
    void a_registry_that_is_not_there_is_told_at_once() {
        var digest = puna.install("me/model", PullsOfTests.random(1_000)).getFirst();
        registry.close();

        assertRefused("Head \"http://%s/v2/me/model/blobs/%s\": dial tcp %s: connect: connection refused"
                .formatted(registry.host(), digest, registry.host()));
    }

    @Test
    void bytes_that_do_not_fit_their_digest_are_refused_by_the_registry_and_nothing_is_tagged() throws IOException {
        var digest = puna.install("me/model", PullsOfTests.random(1_000)).getFirst();
        Files.write(puna.store.path(digest), new byte[1_000]);

        assertRefused("400: {\"errors\":[{\"code\":\"DIGEST_INVALID\"}]}");
        assertThat(registry.content("manifests/latest")).isEmpty();
    }

    @Test
    void a_blob_of_another_length_does_not_go() throws IOException {
        var digest = puna.install("me/model", PullsOfTests.random(1_000)).getFirst();
        Files.write(puna.store.path(digest), new byte[10]);

        assertRefused("blob %s has 10 bytes and should have 1000: pull or create its model again".formatted(digest));
        assertThat(registry.requests()).isEmpty();
    }

    private void assertRefused(String words) {
        assertThatThrownBy(() -> puna.push("me/model"))
                .isInstanceOf(Failure.class)
                .hasMessage(words);
    }

    private static boolean refuse(HttpExchange exchange, int status) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, -1);
        return true;
    }

    /** Reads nothing and says nothing for a while. */
    private static boolean stall(HttpExchange exchange, AtomicBoolean on) throws IOException {
        try {
            for (var i = 0; i < 50 && on.get(); i++) {
                Thread.sleep(100);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
        return true;
    }
}
