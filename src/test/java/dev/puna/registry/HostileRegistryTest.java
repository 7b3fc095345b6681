// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.Failure;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import dev.puna.support.FakeRegistry;
import dev.puna.support.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that means harm: each answer becomes one sentence, and nothing is left of it. Source: contract 9.2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileRegistryTest {
    private final FakeRegistry registry = new FakeRegistry();

    @TempDir
    private Path folder;

    private ModelStore store;
    private PullService pulls;

    @BeforeEach
    void open() {
        store = ModelStore.open(folder.resolve("models"));
        pulls = TestServer.loopbackOnly(store);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:1",
                "sha256:../../../../etc/ld.so.preload",
                "../../etc/passwd",
                "sha256:%2e%2e%2f%2e%2e%2f",
                "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde",
                "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
                "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg",
                "sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\\u0000e",
                "sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/x"
            })
    void a_digest_that_is_none_is_refused(String digest) throws IOException {
        var good = FakeRegistry.layer(MediaTypes.MODEL, "weights".getBytes(UTF_8));
        var bad = "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":7}".formatted(MediaTypes.MODEL, digest);
        var config = "{}".getBytes(UTF_8);

        registry.manifest("layer", FakeRegistry.manifestOf(config, bad));
        registry.manifest("later", FakeRegistry.manifestOf(config, good + "," + bad));
        registry.manifest(
                "config",
                FakeRegistry.manifestOf(config, good)
                        .replaceFirst("sha256:[0-9a-f]{64}", digest.replace("\\", "\\\\")));

        for (var tag : List.of("layer", "later", "config")) {
            assertRefused(tag, "a layer has no valid digest");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "7",
                "{",
                "{}",
                "{\"config\":null,\"layers\":[]}",
                "{\"config\":{},\"layers\":{}}",
                "{\"config\":{\"digest\":7},\"layers\":7}",
                "{\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\"}",
                "{\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\",\"manifests\":[{\"runner\":\"ggml\"}]}",
                "{\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\",\"manifests\":"
                        + "[{\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\"}]}"
            })
    void a_document_that_makes_no_sense_is_refused(String document) throws IOException {
        registry.manifest("latest", document);

        assertRefused("latest", "");
    }

    @Test
    void an_endless_manifest_is_left_soon() throws IOException {
        registry.plan(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[100_000]);
            }
        });

        assertRefused("latest", "the answer is longer than 4194304 bytes");
    }

    @Test
    void a_bomb_of_gzip_is_not_opened() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[3_000_000]);
        }
        registry.plan(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            registry.answer(exchange, 200, packed.toByteArray());
            return true;
        });

        assertRefused("latest", "it is no JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://elsewhere.invalid/token",
                "http://user@HOST/token",
                "https://HOST/token",
                "//HOST/token",
                "/token",
                "file:///etc/passwd",
                "http://HOST.elsewhere.invalid/token",
                "http://[::1/token",
                ""
            })
    void a_token_from_another_place_is_not_asked_for(String realm) throws IOException {
        registry.plan(exchange -> {
            if (exchange.getRequestURI().getPath().startsWith("/token")) {
                return false;
            }
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"%s\"".formatted(realm.replace("HOST", registry.host())));
            registry.answer(exchange, 401, new byte[0]);
            return true;
        });

        assertRefused("latest", "");
        assertThat(registry.requests()).noneMatch(request -> request.contains("token"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "http:///x", "gopher://127.0.0.1:22/x", "::", ""})
    void a_redirect_to_what_is_no_server_is_not_followed(String location) throws IOException {
        registry.plan(exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            registry.answer(exchange, 302, new byte[0]);
            return true;
        });

        assertRefused("latest", "");
    }

    @Test
    void redirects_in_a_circle_end() throws IOException {
        registry.plan(exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().toString());
            registry.answer(exchange, 302, new byte[0]);
            return true;
        });

        assertRefused("latest", "stopped after 10 redirects");
        assertThat(registry.requests()).hasSize(11);
    }

    @Test
    void one_blob_in_two_roles_is_checked_and_fetched_once() {
        var both = "{\"model_format\":\"gguf\"}".getBytes(UTF_8);
        var digest = registry.blob(both);
        registry.manifest(
                "latest",
                FakeRegistry.manifestOf(
                        both,
                        FakeRegistry.layer(MediaTypes.MODEL, both) + ","
                                + FakeRegistry.layer(MediaTypes.SYSTEM, both)));

        pulls.job(repository("latest"), "").run(_ -> {});

        assertThat(registry.requestsFor(digest)).isEqualTo(1);
    }

    @Test
    void two_pulls_and_deletes_of_one_name_at_once_leave_a_whole_model_or_none() {
        var weights = new byte[2_000_000];
        var name = ModelName.parse(registry.host() + "/me/model");
        var all = new ArrayList<CompletableFuture<Void>>();
        for (var round = 0; round < 8; round++) {
            weights[0] = (byte) round;
            registry.model("latest", weights.clone());
            for (var who = 0; who < 2; who++) {
                all.add(CompletableFuture.runAsync(
                        () -> pulls.job(repository("latest"), "").run(_ -> {}),
                        task -> Thread.ofVirtual().start(task)));
            }
            all.add(CompletableFuture.runAsync(
                    () -> store.delete(name), task -> Thread.ofVirtual().start(task)));
        }
        all.forEach(one -> one.orTimeout(30, TimeUnit.SECONDS).join());

        store.find(name).ifPresent(model -> assertThat(model.manifest().blobs())
                .allMatch(blob -> store.contains(blob.digest())));
    }

    private void assertRefused(String tag, String words) throws IOException {
        assertThatThrownBy(() -> pulls.job(repository(tag), "").run(_ -> {}))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("Exception")
                .hasMessageNotContaining("java.");
        assertThat(store.list()).isEmpty();
        if (Files.isDirectory(folder.resolve("models/blobs"))) {
            assertThat(folder.resolve("models/blobs")).isEmptyDirectory();
        }
    }

    private Repository repository(String tag) {
        return Repository.parse(registry.host() + "/me/model:" + tag, true);
    }
}
