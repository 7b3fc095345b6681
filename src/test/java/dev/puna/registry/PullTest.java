// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Failure;
import dev.puna.failure.NotFound;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.registry.PullProgress.Blob;
import dev.puna.registry.PullProgress.Step;
import dev.puna.support.FakeRegistry;
import java.nio.file.Path;
import java.util.List;
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

/** Pulls from a registry that does as it should. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PullTest {
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
    void a_model_comes_with_all_its_blobs_and_every_step_is_told() {
        var weights = PullsOfTests.random(3_000_000);
        var digests = registry.model("latest", weights);

        var steps = puna.pull("me/model");

        assertThat(steps)
                .startsWith(Step.PULLING_MANIFEST)
                .contains(
                        new Blob(digests.getFirst(), weights.length, weights.length),
                        Step.VERIFYING,
                        Step.WRITING_MANIFEST)
                .endsWith(Step.DONE);
        assertThat(puna.store.path(digests.getFirst())).hasBinaryContent(weights);
        assertThat(puna.store.find(puna.name("me/model"))).isPresent();
        assertThat(puna.leftovers()).isEmpty();
    }

    @Test
    void what_is_here_already_is_not_fetched_again() {
        registry.model("latest", PullsOfTests.random(1_000_000));
        puna.pull("me/model");
        var before = registry.sent();

        puna.pull("me/model");

        assertThat(registry.sent() - before).isLessThan(2_000);
    }

    @Test
    void a_blob_of_many_parts_comes_in_parts() {
        var weights = PullsOfTests.random(150_000_000);
        var digests = registry.model("latest", weights);

        puna.pull("me/model");

        for (var start : List.of("=0-67108863", "=67108864-134217727", "=134217728-149999999")) {
            assertThat(registry.requests()).anyMatch(request -> request.endsWith(start));
        }
        assertThat(puna.store.path(digests.getFirst())).hasSize(weights.length);
    }

    @Test
    void many_who_want_one_model_fetch_it_once() {
        var weights = PullsOfTests.random(20_000_000);
        registry.model("latest", weights);

        var all = IntStream.range(0, 10)
                .mapToObj(_ -> CompletableFuture.runAsync(
                        () -> puna.pull("me/model"), task -> Thread.ofVirtual().start(task)))
                .toList();
        all.forEach(one -> one.orTimeout(30, TimeUnit.SECONDS).join());

        assertThat(registry.sent()).isLessThan(weights.length + 100_000);
    }

    @Test
    void a_model_that_is_not_there_is_told_as_Ollama_does() {
        assertRefused("me/nothing", "pull model manifest: file does not exist");
    }

    @Test
    void a_manifest_that_is_none_of_a_model_is_refused() {
        var config = "{}".getBytes(UTF_8);
        var tar = PullsOfTests.random(10);
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
        assertThat(puna.store.list()).isEmpty();
    }

    @Test
    void of_a_list_the_best_child_comes_and_the_list_gets_the_name() {
        var digests = registry.model("child", PullsOfTests.random(1_000));
        var child = registry.blob(FakeRegistry.manifestOf(
                        "{\"model_format\":\"gguf\",\"model_family\":\"llama\"}".getBytes(UTF_8),
                        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1000}"
                                .formatted(MediaTypes.MODEL, digests.getFirst()))
                .getBytes(UTF_8));
        registry.manifest(
                "latest",
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
                        .formatted(
                                MediaTypes.MANIFEST_LIST,
                                entry(Digest.of(PullsOfTests.random(5)), "mlx"),
                                entry(child, "ggml")));

        puna.pull("me/model");

        assertThat(puna.store.find(puna.name("me/model")).orElseThrow().runner())
                .isEqualTo("ggml");
        assertThatThrownBy(() -> PullsOfTests.run(puna.job("me/model", "llamacpp")))
                .isInstanceOf(NotFound.class)
                .hasMessage("no compatible manifest found for runners: llamacpp");
    }

    @Test
    void a_model_for_a_newer_version_is_refused_before_its_weights_come() {
        var weights = PullsOfTests.random(1_000);
        var config = "{\"model_format\":\"gguf\",\"requires\":\"0.99.0\"}".getBytes(UTF_8);
        registry.blob(config);
        var digest = registry.blob(weights);
        registry.manifest("latest", FakeRegistry.manifestOf(config, FakeRegistry.layer(MediaTypes.MODEL, weights)));

        assertRefused("me/model", "model requires ollama version v0.99.0 or newer (current version is v0.40.2)");
        assertThat(registry.requestsFor(digest)).isZero();
    }

    @Test
    void what_only_the_replaced_model_has_needed_goes() {
        var old = registry.model("latest", PullsOfTests.random(1_000)).getFirst();
        puna.pull("me/model");
        registry.model("latest", PullsOfTests.random(2_000));

        assertThat(puna.pull("me/model")).contains(Step.REMOVING_UNUSED);

        assertThat(puna.store.contains(old)).isFalse();
    }

    private static String entry(Digest digest, String runner) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"runner\":\"%s\",\"format\":\"gguf\"}"
                .formatted(MediaTypes.MANIFEST, digest, runner);
    }

    private void assertRefused(String model, String words) {
        assertThatThrownBy(() -> puna.pull(model)).isInstanceOf(Failure.class).hasMessageContaining(words);
    }
}
