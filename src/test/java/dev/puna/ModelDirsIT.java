// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.support.ParrotGguf;
import dev.puna.support.ServedProgram;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server beside a folder of GGUF files, as its users see it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ModelDirsIT {
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path home;

    private Path folder;
    private Path parrot;

    @BeforeEach
    void fillFolder() throws IOException {
        folder = Files.createDirectories(home.resolve("folder"));
        try (var template = getClass().getResourceAsStream("/templates/thinking-tools.jinja")) {
            var jinja = new String(requireNonNull(template).readAllBytes(), UTF_8);
            parrot = Files.write(folder.resolve("Parrot-F32.gguf"), ParrotGguf.saying(jinja, "Polly"));
        }
    }

    @Test
    void a_file_is_listed_shown_run_and_made_a_model_of() throws Exception {
        var before = Files.readAllBytes(parrot);
        try (var served = served()) {
            var puna = served.puna();
            assertThat(puna.run("list").output()).contains("Parrot:F32");
            assertThat(puna.run("show", "parrot").output()).contains("architecture");
            assertThat(chat(served, "parrot").body()).contains("Polly");
            assertThat(puna.run("ps").output()).contains("Parrot:F32");

            var copied = puna.run("cp", "parrot", "other");
            assertThat(copied.exitCode()).isEqualTo(1);
            assertThat(copied.errors()).contains("which is only read: make a model of it with create, FROM that name");
            var removed = puna.run("rm", "parrot");
            assertThat(removed.exitCode()).isEqualTo(1);
            assertThat(removed.errors())
                    .contains("model 'Parrot:F32' is the file " + parrot + " of a folder in PUNA_MODEL_DIRS, which is"
                            + " only read: remove the file itself");

            Files.writeString(home.resolve("Modelfile"), "FROM parrot\nSYSTEM Speak.\n");
            var created =
                    puna.run("create", "mine", "-f", home.resolve("Modelfile").toString());
            assertThat(created.exitCode()).as(created.errors()).isZero();
            assertThat(chat(served, "mine").body()).contains("Polly");
        }
        assertThat(parrot).hasBinaryContent(before);
        assertThat(folder).isDirectoryContaining("glob:**Parrot-F32.gguf");
    }

    @Test
    void what_the_cache_of_Hugging_Face_holds_is_called_as_a_pull_would_call_it() throws Exception {
        var repository = folder.resolve("models--someone--Parrot-GGUF");
        var blob = repository.resolve("blobs/abc");
        Files.createDirectories(blob.getParent());
        Files.move(parrot, blob);
        Files.createDirectories(repository.resolve("snapshots/1"));
        Files.createSymbolicLink(repository.resolve("snapshots/1/parrot-Q8_0.gguf"), Path.of("../../blobs/abc"));

        try (var served = served()) {
            assertThat(served.puna().run("list").output()).contains("hf.co/someone/Parrot-GGUF:Q8_0");
            assertThat(chat(served, "hf.co/someone/Parrot-GGUF").body()).contains("Polly");
        }
    }

    @Test
    void a_file_that_is_cut_or_replaced_while_it_is_in_use_harms_nobody() throws Exception {
        var whole = Files.readAllBytes(parrot);
        try (var served = served()) {
            assertThat(chat(served, "parrot").body()).contains("Polly");

            // As a copy onto it begins: the same file, cut short.
            Files.write(parrot, new byte[0]);
            var cut = chat(served, "parrot");
            assertThat(cut.statusCode()).isEqualTo(500);
            assertThat(cut.body()).contains("model 'Parrot:F32' cannot be used: " + parrot);
            assertThat(served.puna().run("list").output()).doesNotContain("Parrot");

            Files.write(parrot, whole);
            assertThat(chat(served, "parrot").body()).contains("Polly");

            Files.delete(parrot);
            assertThat(chat(served, "parrot").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void what_cannot_be_read_hides_nothing_else() throws Exception {
        Files.setPosixFilePermissions(TinyGguf.headerOnly().writeTo(folder.resolve("secret.gguf")), Set.of());
        Files.setPosixFilePermissions(Files.createDirectories(folder.resolve("closed")), Set.of());
        Files.createDirectories(folder.resolve("directory.gguf"));
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        Files.writeString(folder.resolve("text.gguf"), "text");

        try (var served = served()) {
            var listed = served.puna().run("list");

            assertThat(listed.exitCode()).isZero();
            assertThat(listed.output())
                    .contains("Parrot:F32")
                    .doesNotContain("text")
                    .doesNotContain("loop");
        } finally {
            Files.setPosixFilePermissions(folder.resolve("closed"), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void create_takes_large_files_from_where_they_are_and_links_those_it_is_told_to() throws Exception {
        var large = Files.write(home.resolve("large.gguf"), Files.readAllBytes(parrot));
        try (var padded = FileChannel.open(large, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            padded.write(ByteBuffer.allocate(5 << 20));
        }
        Files.writeString(home.resolve("Modelfile"), "FROM " + large + "\n");
        try (var served = served()) {
            var modelfile = home.resolve("Modelfile").toString();
            var copied = served.puna().run("create", "copied", "-f", modelfile);
            assertThat(copied.exitCode()).as(copied.errors()).isZero();
            assertThat(copied.errors()).containsAnyOf("copied " + large + " on the server's disk", "took " + large);

            Files.writeString(home.resolve("Modelfile"), "FROM " + parrot + "\n");
            var linked = served.puna().run("create", "linked", "--link", "-f", modelfile);
            assertThat(linked.exitCode()).as(linked.errors()).isZero();
            assertThat(linked.errors()).contains("linked to " + parrot + ", which must not be changed any more");
            var blob = blob(parrot);
            assertThat(Files.isSameFile(blob, parrot)).isTrue();
            assertThat(chat(served, "linked").body()).contains("Polly");
        }
        assertThat(large).exists();
    }

    @Test
    void a_file_is_taken_from_where_it_is_only_by_one_who_knows_it_and_is_here() throws Exception {
        var secret = Files.writeString(home.resolve("secret"), "secret");
        var weights = Files.writeString(home.resolve("weights"), "GGUF, for all that it matters here");
        try (var served = served()) {
            var refused = "{\"error\":\"this file is not taken from where it is; send it\"}";
            assertThat(offer(served, secret, "0".repeat(64)).body()).isEqualTo(refused);
            assertThat(offer(served, home, "0".repeat(64)).body()).isEqualTo(refused);
            assertThat(offer(served, home.resolve("missing"), "0".repeat(64)).body())
                    .isEqualTo(refused);
            assertThat(offer(served, secret, digest(secret)).body()).isEqualTo(refused);
            assertThat(offer(served, weights, digest(weights), "X-Forwarded-For", "192.0.2.1")
                            .body())
                    .isEqualTo(refused);
            assertThat(offer(served, weights, digest(weights)).statusCode()).isEqualTo(201);
            assertThat(blob(weights)).hasSameBinaryContentAs(weights);
        }
    }

    private HttpResponse<String> offer(ServedProgram served, Path file, String digest, String... more)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://" + served.address() + "/api/blobs/sha256:" + digest))
                .header("Puna-File", URLEncoder.encode(file.toString(), UTF_8))
                .POST(BodyPublishers.noBody());
        if (more.length > 0) {
            request.headers(more);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String digest(Path file) throws IOException {
        return Digest.of(Files.readAllBytes(file)).hex();
    }

    private Path blob(Path file) throws IOException {
        return home.resolve(".ollama/models/blobs")
                .resolve(Digest.of(Files.readAllBytes(file)).fileName());
    }

    private ServedProgram served() throws IOException, InterruptedException {
        return ServedProgram.start(home, Map.of("PUNA_MODEL_DIRS", folder + ":" + folder.resolve("not-there")));
    }

    private HttpResponse<String> chat(ServedProgram served, String model) throws IOException, InterruptedException {
        var body = """
                {"model": "%s", "stream": false, "messages": [{"role": "user", "content": "hello"}],
                 "options": {"temperature": 0, "num_ctx": 256}}
                """.formatted(model);
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + served.address() + "/api/chat"))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
