// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.store.ModelStore;
import dev.puna.support.RawExchange;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Tag("quarkus")
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BlobRoutesTest {
    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @Test
    void an_upload_is_new_once_and_then_there() throws IOException {
        var content = fresh();

        assertThat(upload(Digest.of(bytes(content)), content)).isEqualTo(201);
        assertThat(upload(Digest.of(bytes(content)), content)).isEqualTo(200);
        assertThat(exists(Digest.of(bytes(content)))).isEqualTo(200);
        assertThat(store.path(Digest.of(bytes(content)))).hasContent(content);
    }

    @Test
    void an_upload_in_chunks_needs_no_length() throws IOException {
        var content = fresh();
        var digest = Digest.of(bytes(content));
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(
                    "POST /api/blobs/" + digest + " HTTP/1.1",
                    "Host: localhost",
                    "Transfer-Encoding: chunked",
                    "",
                    Integer.toHexString(content.length()),
                    content,
                    "0",
                    "");
            assertThat(exchange.status()).isEqualTo(201);
        }
        assertThat(store.contains(digest)).isTrue();
    }

    @Test
    void the_empty_blob_can_be_uploaded() throws IOException {
        assertThat(upload(Digest.of(new byte[0]), "")).isIn(200, 201);
        assertThat(exists(Digest.of(new byte[0]))).isEqualTo(200);
    }

    @Test
    void a_digest_in_upper_case_or_with_a_dash_is_the_same_blob() throws IOException {
        var content = fresh();
        var digest = Digest.of(bytes(content));
        upload(digest, content);

        for (var name : List.of(digest.fileName(), "sha256:" + digest.hex().toUpperCase(Locale.ROOT))) {
            assertThat(head(name)).isEqualTo(200);
        }
    }

    @Test
    void bytes_that_are_not_what_the_digest_says_leave_nothing() throws IOException {
        var content = fresh();
        var wrong = Digest.of(bytes(fresh()));
        try (var exchange = RawExchange.send(server, content, "POST /api/blobs/" + wrong + " HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(400);
            assertThat(exchange.body()).startsWith("{\"error\":\"digest mismatch, expected \\\"" + wrong);
        }
        assertThat(store.contains(wrong)).isFalse();
        assertThat(store.contains(Digest.of(bytes(content)))).isFalse();
        assertThat(unfinished(wrong)).isZero();
    }

    @Test
    void an_upload_that_breaks_off_leaves_nothing() throws Exception {
        var content = fresh();
        var digest = Digest.of(bytes(content));
        try (var exchange = RawExchange.open(server)) {
            exchange.writeLines(
                    "POST /api/blobs/" + digest + " HTTP/1.1",
                    "Host: localhost",
                    "Content-Length: " + (content.length() + 1),
                    "");
            exchange.write(content);
            for (var i = 0; unfinished(digest) == 0 && i < 100; i++) {
                Thread.sleep(50);
            }
            assertThat(unfinished(digest)).isEqualTo(1);
        }
        for (var i = 0; unfinished(digest) > 0 && i < 200; i++) {
            Thread.sleep(50);
        }

        assertThat(unfinished(digest)).isZero();
        assertThat(store.contains(digest)).isFalse();
        assertThat(upload(digest, content)).isEqualTo(201);
    }

    @Test
    void uploads_of_one_digest_at_once_do_not_disturb_each_other() throws Exception {
        var content = fresh().repeat(50_000);
        var digest = Digest.of(bytes(content));
        var uploads = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < 4; i++) {
            uploads.add(() -> upload(digest, content));
        }
        try (var clients = Executors.newFixedThreadPool(uploads.size())) {
            for (Future<Integer> status : clients.invokeAll(uploads)) {
                assertThat(status.get()).isIn(200, 201);
            }
        }

        assertThat(Digest.of(Files.readAllBytes(store.path(digest)))).isEqualTo(digest);
        assertThat(unfinished(digest)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:",
                "sha256:0",
                "sha256-..%2f..%2f..%2fetc%2fpasswd",
                "..%2f..%2fetc%2fpasswd",
                "sha512:0000000000000000000000000000000000000000000000000000000000000000",
                "sha256:00000000000000000000000000000000000000000000000000000000000000000",
                "sha256:000000000000000000000000000000000000000000000000000000000000000g",
                "sha256:000000000000000000000000000000000000000000000000000000000000000%00",
            })
    void what_is_no_digest_is_refused(String name) throws IOException {
        try (var exchange = RawExchange.send(server, "x", "POST /api/blobs/" + name + " HTTP/1.1")) {
            assertThat(exchange.status()).isEqualTo(400);
            assertThat(exchange.body()).isEqualTo("{\"error\":\"invalid digest format\"}");
        }
    }

    private int upload(Digest digest, String content) throws IOException {
        try (var exchange = RawExchange.send(server, content, "POST /api/blobs/" + digest + " HTTP/1.1")) {
            return exchange.status();
        }
    }

    private int exists(Digest digest) throws IOException {
        return head(digest.text());
    }

    private int head(String name) throws IOException {
        try (var exchange = RawExchange.send(server, "", "HEAD /api/blobs/" + name + " HTTP/1.1")) {
            return exchange.status();
        }
    }

    private long unfinished(Digest digest) throws IOException {
        var blobs = store.path(digest).getParent();
        if (blobs == null || !Files.isDirectory(blobs)) {
            return 0;
        }
        try (var files = Files.list(blobs)) {
            return files.filter(file -> file.getFileName().toString().startsWith(digest.fileName() + "-"))
                    .count();
        }
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }

    private static byte[] bytes(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }
}
