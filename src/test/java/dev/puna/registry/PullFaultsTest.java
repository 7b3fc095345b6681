// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.model.MediaTypes;
import dev.puna.registry.PullProgress.Blob;
import dev.puna.support.FakeRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from a registry, over a network or onto a disk that fails in the middle. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PullFaultsTest {
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
    }

    @Test
    void a_broken_connection_goes_on_where_it_broke() {
        var weights = PullsOfTests.random(4_000_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(2, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %s/%d".formatted(range(exchange), weights.length));
            exchange.sendResponseHeaders(206, weights.length - from(exchange));
            exchange.getResponseBody().write(weights, from(exchange), 1_000_000);
            return true;
        });

        puna.pull("me/model");

        assertThat(registry.requests()).anyMatch(request -> request.endsWith("bytes=2000000-3999999"));
        assertThat(puna.store.path(digests.getFirst())).hasBinaryContent(weights);
    }

    @Test
    void a_cancelled_pull_keeps_what_has_come_and_the_next_one_goes_on() throws Exception {
        var weights = PullsOfTests.random(4_000_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(1, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-3999999/4000000");
            exchange.sendResponseHeaders(206, weights.length);
            exchange.getResponseBody().write(weights, 0, 3_000_000);
            exchange.getResponseBody().flush();
            sleep(5_000);
            return true;
        });
        var job = puna.job("me/model", "");
        var ended = CompletableFuture.runAsync(() -> job.run(step -> {
            if (step instanceof Blob(var digest, var _, var done)
                    && digest.equals(digests.getFirst())
                    && done >= 3_000_000) {
                job.cancel();
            }
        }));

        assertThatThrownBy(() -> ended.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(Cancelled.class);
        assertThat(puna.store.find(puna.name("me/model"))).isEmpty();
        puna.pull("me/model");

        assertThat(registry.requests()).anyMatch(request -> request.endsWith("bytes=3000000-3999999"));
        assertThat(puna.store.path(digests.getFirst())).hasBinaryContent(weights);
    }

    @Test
    void a_part_of_which_nothing_comes_is_asked_for_anew() {
        var weights = PullsOfTests.random(500_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(1, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-499999/500000");
            exchange.sendResponseHeaders(206, weights.length);
            exchange.getResponseBody().write(weights, 0, 1_000);
            exchange.getResponseBody().flush();
            sleep(5_000);
            return true;
        });

        puna.pull("me/model");

        assertThat(registry.requests()).anyMatch(request -> request.endsWith("bytes=1000-499999"));
    }

    @Test
    void a_registry_that_knows_no_ranges_sends_the_whole_blob_once() {
        var weights = PullsOfTests.random(150_000_000);
        var digests = registry.model("latest", weights);
        registry.forgetRanges();

        puna.pull("me/model");

        assertThat(puna.store.path(digests.getFirst())).hasSize(weights.length);
        assertThat(registry.requests())
                .anyMatch(request -> request.endsWith(digests.getFirst().text()));
    }

    @Test
    void wrong_bytes_leave_nothing() {
        var weights = PullsOfTests.random(100_000);
        var digests = registry.model("latest", weights);
        var wrong = weights.clone();
        wrong[99_999]++;
        registry.damage(digests.getFirst(), wrong);

        assertRefused("me/model", "digest mismatch, file must be downloaded again: want " + digests.getFirst());
        assertThat(puna.store.contains(digests.getFirst())).isFalse();
        assertThat(puna.store.find(puna.name("me/model"))).isEmpty();
        assertThat(puna.leftovers()).isEmpty();
    }

    @Test
    void what_was_lost_of_an_earlier_pull_is_fetched_once_more() {
        var weights = PullsOfTests.random(2_000_000);
        var digest = registry.model("latest", weights).getFirst();
        try (var lost = puna.store.partial(digest, weights.length)) {
            lost.write(0, ByteBuffer.wrap(new byte[1_000_000]));
        }

        puna.pull("me/model");

        assertThat(registry.requests()).anyMatch(request -> request.endsWith("bytes=1000000-1999999"));
        assertThat(puna.store.path(digest)).hasBinaryContent(weights);
    }

    @Test
    void a_blob_of_another_length_is_refused_at_once() {
        var weights = PullsOfTests.random(100_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(100, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-99999/200000");
            registry.answer(exchange, 206, weights);
            return true;
        });

        assertRefused("me/model", digests.getFirst() + " has 200000 bytes at the registry, and 100000 by the manifest");
    }

    @Test
    void another_range_is_refused_after_some_tries() {
        var weights = PullsOfTests.random(100_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(100, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 5-99999/100000");
            registry.answer(exchange, 206, weights);
            return true;
        });

        assertRefused("me/model", "max retries exceeded: the registry sends another range than it was asked for");
        assertThat(registry.requestsFor(digests.getFirst())).isEqualTo(3);
    }

    @Test
    void an_endless_answer_is_left_when_it_has_what_was_asked_for() {
        var weights = PullsOfTests.random(100_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(1, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-99999/100000");
            exchange.sendResponseHeaders(206, 0);
            exchange.getResponseBody().write(weights);
            while (true) {
                exchange.getResponseBody().write(weights);
            }
        });

        puna.pull("me/model");

        assertThat(puna.store.path(digests.getFirst())).hasBinaryContent(weights);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void a_status_that_is_no_blob_is_refused(int status) {
        var digests = registry.model("latest", PullsOfTests.random(100_000));
        registry.planTimes(100, digests.getFirst().text(), exchange -> {
            registry.answer(exchange, status, new byte[0]);
            return true;
        });

        assertRefused("me/model", "the registry answers with status %d where it should send a blob".formatted(status));
    }

    @Test
    void a_blob_that_is_all_here_is_hashed_no_longer_than_it_is_wanted() {
        var weights = PullsOfTests.random(150_000_000);
        var digest = registry.model("latest", weights).getFirst();
        try (var whole = puna.store.partial(digest, weights.length)) {
            for (var part = 0; part < whole.parts(); part++) {
                whole.write(part, ByteBuffer.wrap(weights, (int) whole.position(part), (int) whole.missing(part)));
            }
        }
        var job = puna.job("me/model", "");

        assertThatThrownBy(() -> job.run(step -> {
                    if (step instanceof Blob(var blob, var _, var _) && blob.equals(digest)) {
                        job.cancel();
                    }
                }))
                .isInstanceOf(Cancelled.class);

        assertThat(puna.pull("me/model")).endsWith(PullProgress.Step.DONE);
        assertThat(registry.requestsFor(digest)).isZero();
    }

    @Test
    void an_encoded_blob_is_refused() {
        var weights = PullsOfTests.random(100_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(100, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            registry.serve(exchange);
            return true;
        });

        assertRefused("me/model", "the registry sends a blob in an encoding that nobody has asked for");
    }

    @Test
    void a_busy_registry_is_asked_again() {
        var weights = PullsOfTests.random(100_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(2, digests.getFirst().text(), exchange -> {
            registry.answer(exchange, 503, "busy".getBytes(UTF_8));
            return true;
        });

        puna.pull("me/model");

        assertThat(registry.requestsFor(digests.getFirst())).isEqualTo(3);
    }

    @Test
    void a_registry_that_is_not_there_is_told_as_Go_does() {
        registry.close();

        assertRefused(
                "me/model",
                "pull model manifest: Get \"http://%s/v2/me/model/manifests/latest\": dial tcp %s: connect: connection refused"
                        .formatted(registry.host(), registry.host()));
    }

    @Test
    void more_than_the_disk_holds_is_refused_before_anything_comes() {
        registry.blob("{}".getBytes(UTF_8));
        registry.manifest(
                "latest",
                FakeRegistry.manifestOf(
                        "{}".getBytes(UTF_8),
                        FakeRegistry.layer(MediaTypes.MODEL, PullsOfTests.random(10))
                                .replace("\"size\":10", "\"size\":9223372036854775807")));

        assertRefused("me/model", "no space left for");
        assertThat(puna.leftovers()).isEmpty();
    }

    private void assertRefused(String model, String words) {
        assertThatThrownBy(() -> puna.pull(model)).isInstanceOf(Failure.class).hasMessageContaining(words);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String range(HttpExchange exchange) {
        return exchange.getRequestHeaders().getFirst("Range").substring("bytes=".length());
    }

    private static int from(HttpExchange exchange) {
        var range = range(exchange);
        return Integer.parseInt(range.substring(0, range.indexOf('-')));
    }
}
