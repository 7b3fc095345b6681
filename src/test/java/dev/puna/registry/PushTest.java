// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Failure;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.registry.PushProgress.Blob;
import dev.puna.registry.PushProgress.Step;
import dev.puna.support.FakeRegistry;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pushes to a registry that does as it should. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PushTest {
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
    void a_model_goes_with_all_its_blobs_and_comes_back_the_same() {
        var weights = PullsOfTests.random(3_000_000);
        var digests = puna.install("me/model", weights);
        var before = puna.store.find(puna.name("me/model")).orElseThrow();

        var steps = puna.push("me/model");

        assertThat(steps)
                .startsWith(Step.RETRIEVING_MANIFEST)
                .contains(new Blob(digests.getFirst(), weights.length, weights.length), Step.PUSHING_MANIFEST)
                .endsWith(Step.DONE);
        puna.store.delete(before.name());
        assertThat(puna.store.contains(digests.getFirst())).isFalse();
        puna.pull("me/model");
        var after = puna.store.find(before.name()).orElseThrow();
        assertThat(after.digest()).isEqualTo(before.digest());
        assertThat(puna.store.path(digests.getFirst())).hasBinaryContent(weights);
    }

    @Test
    void what_is_there_already_does_not_go_again() {
        puna.install("me/model", PullsOfTests.random(1_000_000));
        puna.push("me/model");
        var before = registry.uploads().received();

        assertThat(puna.push("me/model")).endsWith(Step.DONE);

        assertThat(registry.uploads().received() - before).isLessThan(2_000);
    }

    @Test
    void a_large_blob_goes_in_parts_and_the_registry_learns_their_sums() throws Exception {
        var weights = PullsOfTests.random(150_000_000);
        var digest = puna.install("me/model", weights).getFirst();
        var ranges = new CopyOnWriteArrayList<String>();
        registry.plan(exchange -> {
            var range = exchange.getRequestHeaders().getFirst("Content-Range");
            if (range != null) {
                ranges.add(range + " " + exchange.getRequestHeaders().getFirst("X-Redirect-Uploads"));
            }
            return false;
        });

        puna.push("me/model");

        assertThat(ranges).contains("0-67108863 1", "67108864-134217727 1", "134217728-149999999 1");
        assertThat(registry.content(digest.text())).isPresent();
        assertThat(registry.uploads().commits()).anyMatch(query -> query.matches(".*&etag=[0-9a-f]{32}-3"));
    }

    @Test
    void parts_go_where_the_registry_sends_on_to_and_no_credentials_with_them() {
        var weights = PullsOfTests.random(150_000_000);
        var digest = puna.install("me/model", weights).getFirst();
        registry.uploads().redirectTo(other.host());
        var headers = new CopyOnWriteArrayList<String>();
        other.plan(exchange -> {
            headers.addAll(exchange.getRequestHeaders().keySet());
            return registry.uploads().takeElsewhere(exchange);
        });

        assertThat(puna.push("me/model")).endsWith(Step.DONE);

        assertThat(registry.content(digest.text()))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(weights));
        assertThat(headers).isNotEmpty().doesNotContain("Authorization");
    }

    @Test
    void a_blob_of_another_repository_is_taken_from_there() {
        puna.installFrom("me/model", PullsOfTests.random(1_000), "them/base");
        registry.uploads().mount();

        puna.push("me/model");

        assertThat(registry.requests())
                .anyMatch(request -> request.startsWith("POST /v2/me/model/blobs/uploads/?mount=sha256%3A")
                        && request.endsWith("&from=them%2Fbase"));
        assertThat(registry.uploads().begun()).isEqualTo(1);
    }

    @Test
    void many_who_push_one_model_send_it_once() {
        var weights = PullsOfTests.random(20_000_000);
        puna.install("me/model", weights);

        var all = IntStream.range(0, 6)
                .mapToObj(_ -> CompletableFuture.runAsync(
                        () -> puna.push("me/model"), task -> Thread.ofVirtual().start(task)))
                .toList();
        all.forEach(one -> one.orTimeout(30, TimeUnit.SECONDS).join());

        assertThat(registry.uploads().received()).isLessThan(weights.length + 100_000);
    }

    @Test
    void a_list_goes_with_the_manifests_that_it_names() {
        var weights = PullsOfTests.random(1_000);
        puna.install("me/child", weights);
        var child = puna.store.outgoing(puna.name("me/child")).orElseThrow().document();
        puna.store.writeBlob(MediaTypes.MANIFEST, child);
        var list =
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"runner\":\"ggml\",\"format\":\"gguf\"}]}"
                        .formatted(MediaTypes.MANIFEST_LIST, MediaTypes.MANIFEST, Digest.of(child), child.length)
                        .getBytes(UTF_8);
        puna.store.install(puna.name("me/model"), list);
        var types = new CopyOnWriteArrayList<String>();
        registry.plan(exchange -> {
            if (exchange.getRequestURI().getPath().contains("/manifests/")) {
                types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
            }
            return false;
        });

        puna.push("me/model");

        assertThat(registry.content("manifests/latest"))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(list));
        assertThat(registry.content(Digest.of(child).text())).isPresent();
        assertThat(types).containsExactly(MediaTypes.MANIFEST_LIST);
    }

    @Test
    void what_only_keeps_documents_from_removal_stays_here() {
        var weights = PullsOfTests.random(1_000);
        var document = PullsOfTests.random(10);
        var config = "{}".getBytes(UTF_8);
        List.of(weights, document, config).forEach(bytes -> puna.store.writeBlob(MediaTypes.MODEL, bytes));
        puna.store.install(
                puna.name("me/model"),
                FakeRegistry.manifestOf(
                                config,
                                FakeRegistry.layer(MediaTypes.MODEL, weights) + ","
                                        + FakeRegistry.layer(MediaTypes.MANIFEST, document))
                        .getBytes(UTF_8));

        puna.push("me/model");

        assertThat(registry.requestsFor(Digest.of(document))).isZero();
        assertThat(registry.content("manifests/latest"))
                .hasValueSatisfying(bytes -> assertThat(new String(bytes, UTF_8))
                        .contains(Digest.of(weights).text())
                        .doesNotContain(Digest.of(document).text()));
    }

    @Test
    void a_model_that_is_not_here_is_told_as_Ollama_does() {
        assertThatThrownBy(() -> puna.push("me/nothing"))
                .isInstanceOf(Failure.class)
                .hasMessage("open %s: no such file or directory"
                        .formatted(folder.resolve("models/manifests/%s/me/nothing/latest".formatted(registry.host()))));
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void the_sum_is_the_MD5_of_the_MD5s_of_the_parts() throws Exception {
        var content = "a".getBytes(UTF_8);
        puna.install("me/model", content);

        puna.push("me/model");

        // md5(md5("a")), as any tool says it.
        var md5 = MessageDigest.getInstance("MD5");
        var expected = HexFormat.of().formatHex(md5.digest(md5.digest(content)));
        assertThat(registry.uploads().commits()).anyMatch(query -> query.endsWith("&etag=" + expected + "-1"));
    }
}
