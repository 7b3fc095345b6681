// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.NotFound;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.registry.PullProgress.Blob;
import dev.puna.registry.PullProgress.Step;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from a registry on loopback, which behaves or does not. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PullTest {
    private static final TransferLimits QUICK =
            new TransferLimits(4, 0, Duration.ofSeconds(2), 3, Duration.ofMillis(10));

    private final FakeRegistry registry = new FakeRegistry();

    @TempDir
    private Path folder;

    private ModelStore store;
    private PullService pulls;

    @BeforeEach
    void open() {
        store = ModelStore.open(folder.resolve("models"));
        var network = new PullService.Network(
                Optional::empty, ProxySelector::getDefault, folder.resolve("key/id_ed25519"), folder.resolve("docker"));
        pulls = new PullService(store, network, QUICK, "0.40.2");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void a_model_comes_with_all_its_blobs_and_every_step_is_told() {
        var weights = random(3_000_000);
        var digests = registry.model("latest", weights);

        var steps = pull("me/model");

        assertThat(steps)
                .startsWith(Step.PULLING_MANIFEST)
                .contains(
                        new Blob(digests.getFirst(), weights.length, weights.length),
                        Step.VERIFYING,
                        Step.WRITING_MANIFEST)
                .endsWith(Step.DONE);
        assertThat(store.path(digests.getFirst())).hasBinaryContent(weights);
        assertThat(store.find(name("me/model"))).isPresent();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void what_is_here_already_is_not_fetched_again() {
        registry.model("latest", random(1_000_000));
        pull("me/model");
        var before = registry.sent();

        pull("me/model");

        assertThat(registry.sent() - before).isLessThan(2_000);
    }

    @Test
    void a_blob_of_many_parts_comes_in_parts() {
        var weights = random(150_000_000);
        var digests = registry.model("latest", weights);

        pull("me/model");

        for (var start : List.of("=0-67108863", "=67108864-134217727", "=134217728-149999999")) {
            assertThat(registry.requests()).anyMatch(request -> request.endsWith(start));
        }
        assertThat(store.path(digests.getFirst())).hasSize(weights.length);
    }

    @Test
    void a_broken_connection_goes_on_where_it_broke() {
        var weights = random(4_000_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(2, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %s/%d".formatted(range(exchange), weights.length));
            exchange.sendResponseHeaders(206, weights.length - from(exchange));
            exchange.getResponseBody().write(weights, from(exchange), 1_000_000);
            return true;
        });

        pull("me/model");

        assertThat(registry.requests()).anyMatch(request -> request.endsWith("bytes=2000000-3999999"));
        assertThat(store.path(digests.getFirst())).hasBinaryContent(weights);
    }

    @Test
    void a_cancelled_pull_keeps_what_has_come_and_the_next_one_goes_on() throws Exception {
        var weights = random(4_000_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(1, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-3999999/4000000");
            exchange.sendResponseHeaders(206, weights.length);
            exchange.getResponseBody().write(weights, 0, 3_000_000);
            exchange.getResponseBody().flush();
            sleep(5_000);
            return true;
        });
        var job = pulls.job(repository("me/model"), "");
        var ended = CompletableFuture.runAsync(() -> job.run(step -> {
            if (step instanceof Blob(var digest, var _, var done)
                    && digest.equals(digests.getFirst())
                    && done >= 3_000_000) {
                job.cancel();
            }
        }));

        assertThatThrownBy(() -> ended.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(Cancelled.class);
        assertThat(store.find(name("me/model"))).isEmpty();
        pull("me/model");

        assertThat(registry.requests()).anyMatch(request -> request.endsWith("bytes=3000000-3999999"));
        assertThat(store.path(digests.getFirst())).hasBinaryContent(weights);
    }

    @Test
    void a_part_of_which_nothing_comes_is_asked_for_anew() {
        var weights = random(500_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(1, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-499999/500000");
            exchange.sendResponseHeaders(206, weights.length);
            exchange.getResponseBody().write(weights, 0, 1_000);
            exchange.getResponseBody().flush();
            sleep(5_000);
            return true;
        });

        pull("me/model");

        assertThat(registry.requests()).anyMatch(request -> request.endsWith("bytes=1000-499999"));
    }

    @Test
    void a_registry_that_knows_no_ranges_sends_the_whole_blob_once() {
        var weights = random(150_000_000);
        var digests = registry.model("latest", weights);
        registry.forgetRanges();

        pull("me/model");

        assertThat(store.path(digests.getFirst())).hasSize(weights.length);
        assertThat(registry.requests())
                .anyMatch(request -> request.endsWith(digests.getFirst().text()));
    }

    @Test
    void wrong_bytes_leave_nothing() {
        var weights = random(100_000);
        var digests = registry.model("latest", weights);
        var wrong = weights.clone();
        wrong[99_999]++;
        registry.damage(digests.getFirst(), wrong);

        assertRefused("me/model", "digest mismatch, file must be downloaded again: want " + digests.getFirst());
        assertThat(store.contains(digests.getFirst())).isFalse();
        assertThat(store.find(name("me/model"))).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void a_blob_of_another_length_is_refused_at_once() {
        var weights = random(100_000);
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
        var weights = random(100_000);
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
        var weights = random(100_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(1, digests.getFirst().text(), exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-99999/100000");
            exchange.sendResponseHeaders(206, 0);
            exchange.getResponseBody().write(weights);
            while (true) {
                exchange.getResponseBody().write(weights);
            }
        });

        pull("me/model");

        assertThat(store.path(digests.getFirst())).hasBinaryContent(weights);
    }

    @Test
    void an_encoded_blob_is_refused() {
        var weights = random(100_000);
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
        var weights = random(100_000);
        var digests = registry.model("latest", weights);
        registry.planTimes(2, digests.getFirst().text(), exchange -> {
            registry.answer(exchange, 503, "busy".getBytes(UTF_8));
            return true;
        });

        pull("me/model");

        assertThat(registry.requestsFor(digests.getFirst())).isEqualTo(3);
    }

    @Test
    void many_who_want_one_model_fetch_it_once() {
        var weights = random(20_000_000);
        registry.model("latest", weights);

        var all = IntStream.range(0, 10)
                .mapToObj(_ -> CompletableFuture.runAsync(
                        () -> pull("me/model"), task -> Thread.ofVirtual().start(task)))
                .toList();
        all.forEach(one -> one.orTimeout(30, TimeUnit.SECONDS).join());

        assertThat(registry.sent()).isLessThan(weights.length + 100_000);
    }

    @Test
    void a_model_that_is_not_there_is_told_as_Ollama_does() {
        assertRefused("me/nothing", "pull model manifest: file does not exist");
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
    void a_manifest_that_is_none_of_a_model_is_refused() {
        var config = "{}".getBytes(UTF_8);
        var tar = random(10);
        registry.manifest("none", FakeRegistry.manifestOf(config, ""));
        registry.manifest(
                "image",
                FakeRegistry.manifestOf(config, FakeRegistry.layer("application/vnd.oci.image.layer.v1.tar", tar)));
        registry.manifest(
                "negative",
                FakeRegistry.manifestOf(
                        config, FakeRegistry.layer(MediaTypes.MODEL, tar).replace("\"size\":10", "\"size\":-1")));
        registry.manifest(
                "huge",
                FakeRegistry.manifestOf(
                        config,
                        FakeRegistry.layer(MediaTypes.MODEL, tar)
                                .replace("\"size\":10", "\"size\":9223372036854775808")));
        registry.manifest(
                "traversal",
                FakeRegistry.manifestOf(
                        config, FakeRegistry.layer(MediaTypes.MODEL, tar).replace("sha256:", "sha256:../../")));
        registry.manifest("html", "<html>");

        assertRefused("me/model:none", "the manifest of %s/me/model:none has no layers".formatted(registry.host()));
        assertRefused(
                "me/model:image", "is no model: its layers are of the kind application/vnd.oci.image.layer.v1.tar");
        assertRefused("me/model:negative", "the size of a layer is negative: -1");
        assertRefused("me/model:huge", "a layer has no size");
        assertRefused("me/model:traversal", "a layer has no valid digest");
        assertRefused("me/model:html", "it is no JSON");
        assertThat(store.list()).isEmpty();
    }

    @Test
    void more_than_the_disk_holds_is_refused_before_anything_comes() {
        registry.blob("{}".getBytes(UTF_8));
        registry.manifest(
                "latest",
                FakeRegistry.manifestOf(
                        "{}".getBytes(UTF_8),
                        FakeRegistry.layer(MediaTypes.MODEL, random(10))
                                .replace("\"size\":10", "\"size\":9223372036854775807")));

        assertRefused("me/model", "no space left for");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void of_a_list_the_best_child_comes_and_the_list_gets_the_name() {
        var digests = registry.model("child", random(1_000));
        var child = registry.blob(FakeRegistry.manifestOf(
                        "{\"model_format\":\"gguf\",\"model_family\":\"llama\"}".getBytes(UTF_8),
                        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1000}"
                                .formatted(MediaTypes.MODEL, digests.getFirst()))
                .getBytes(UTF_8));
        registry.manifest(
                "latest",
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
                        .formatted(MediaTypes.MANIFEST_LIST, entry(Digest.of(random(5)), "mlx"), entry(child, "ggml")));

        pull("me/model");

        assertThat(store.find(name("me/model")).orElseThrow().runner()).isEqualTo("ggml");
        assertThatThrownBy(() -> run(pulls.job(repository("me/model"), "llamacpp")))
                .isInstanceOf(NotFound.class)
                .hasMessage("no compatible manifest found for runners: llamacpp");
    }

    @Test
    void a_model_for_a_newer_version_is_refused_before_its_weights_come() {
        var weights = random(1_000);
        var config = "{\"model_format\":\"gguf\",\"requires\":\"0.99.0\"}".getBytes(UTF_8);
        registry.blob(config);
        var digest = registry.blob(weights);
        registry.manifest("latest", FakeRegistry.manifestOf(config, FakeRegistry.layer(MediaTypes.MODEL, weights)));

        assertRefused("me/model", "model requires ollama version v0.99.0 or newer (current version is v0.40.2)");
        assertThat(registry.requestsFor(digest)).isZero();
    }

    @Test
    void what_only_the_replaced_model_has_needed_goes() {
        var old = registry.model("latest", random(1_000)).getFirst();
        pull("me/model");
        registry.model("latest", random(2_000));

        assertThat(pull("me/model")).contains(Step.REMOVING_UNUSED);

        assertThat(store.contains(old)).isFalse();
    }

    private static String entry(Digest digest, String runner) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"runner\":\"%s\",\"format\":\"gguf\"}"
                .formatted(MediaTypes.MANIFEST, digest, runner);
    }

    private void assertRefused(String model, String words) {
        assertThatThrownBy(() -> pull(model)).isInstanceOf(Failure.class).hasMessageContaining(words);
    }

    private List<PullProgress> pull(String model) {
        return run(pulls.job(repository(model), ""));
    }

    private static List<PullProgress> run(PullJob job) {
        var steps = new ArrayList<PullProgress>();
        job.run(steps::add);
        return steps;
    }

    private Repository repository(String model) {
        return Repository.parse(registry.host() + "/" + model, true);
    }

    private ModelName name(String model) {
        return ModelName.parse(registry.host() + "/" + model);
    }

    private List<Path> leftovers() {
        try (var files = Files.list(folder.resolve("models/blobs"))) {
            return files.filter(file -> !file.getFileName().toString().matches("sha256-[0-9a-f]{64}"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
