// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static dev.puna.contract.badinput.PlantedFiles.MODEL;
import static dev.puna.contract.badinput.PlantedFiles.blob;
import static dev.puna.contract.badinput.PlantedFiles.fifo;
import static dev.puna.contract.badinput.PlantedFiles.manifest;
import static dev.puna.contract.badinput.PlantedFiles.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.support.NativeEngineProfile;
import dev.puna.support.TestServer;
import dev.puna.support.TinyGguf;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 9.2: digests, manifests, names and files in the store that lead elsewhere or nowhere. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadStoreInputTest extends BadInputTest {
    private final List<Path> planted = new ArrayList<>();

    @BeforeEach
    void bring_an_empty_configuration() {
        server.upload(PlantedFiles.EMPTY_CONFIG);
    }

    @AfterEach
    void take_away_what_was_planted() throws IOException {
        for (var manifest : planted) {
            Files.deleteIfExists(manifest);
        }
    }

    static final String[] DIGESTS = {
        "",
        "sha256:1",
        "sha256:",
        "sha256:../../../../etc/passwd",
        "../../etc/ld.so.preload",
        "sha256:..",
        "sha256-%2e%2e%2f%2e%2e",
        "sha512:" + "a".repeat(64),
        "sha256:" + "a".repeat(63),
        "sha256:" + "a".repeat(65),
        "sha256:" + "g".repeat(64),
        "sha256:" + "a".repeat(63) + "\\u0000",
        "sha256:" + "a".repeat(63) + "\\n",
        "/etc/passwd"
    };

    @ParameterizedTest
    @FieldSource("DIGESTS")
    void cve_2024_37032_digests_that_lead_elsewhere_in_a_stored_manifest(String digest) throws IOException {
        var outside = TestServer.models().resolve("outside");
        Files.writeString(outside, "keep");
        plant("evil", manifest("{'mediaType':'" + MODEL + "','digest':'" + digest + "','size':4}"));
        server.send("GET", "/api/tags", new byte[0]).isServed();
        server.post("/api/show", "{'model':'evil'}").isRefused();
        server.post("/api/generate", "{'model':'evil','prompt':'a','stream':false}")
                .isRefused();
        server.post("/api/create", "{'model':'heir','from':'evil','stream':false}")
                .isRefused();
        assertThat(outside).hasContent("keep");
        Files.delete(outside);
    }

    @ParameterizedTest
    @FieldSource("DIGESTS")
    void cve_2025_44779_deleting_a_model_with_such_a_digest_deletes_nothing_else(String digest) throws IOException {
        var beside = TestServer.models().resolve("blobs").resolve("sha256-" + "b".repeat(64));
        Files.writeString(beside, "keep");
        plant("evil", manifest("{'mediaType':'" + MODEL + "','digest':'" + digest + "','size':4}"));
        assertThat(server.send("DELETE", "/api/delete", "{\"model\":\"evil\"}".getBytes(UTF_8))
                        .status())
                .isIn(200, 500);
        assertThat(Path.of("/etc/passwd")).exists();
        assertThat(beside).exists();
        Files.delete(beside);
    }

    @ParameterizedTest
    @FieldSource("DIGESTS")
    void cve_2024_37032_digests_that_lead_elsewhere_in_a_request(String digest) {
        server.post("/api/create", "{'model':'evil','files':{'a.gguf':'" + digest + "'},'stream':false}")
                .isRefused();
        server.post(
                        "/api/create",
                        "{'model':'evil','from':'besieged','adapters':{'a.gguf':'" + digest + "'},'stream':false}")
                .isRefused();
        var encoded = URLEncoder.encode(digest.replace("\\u0000", "\0").replace("\\n", "\n"), UTF_8);
        if (!encoded.isEmpty()) {
            assertThat(server.send("POST", "/api/blobs/" + encoded, "x".getBytes(UTF_8))
                            .status())
                    .isIn(400, 404);
            assertThat(server.send("HEAD", "/api/blobs/" + encoded, new byte[0]).status())
                    .isIn(400, 404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{}",
                "",
                "{'layers':null}",
                "{'layers':[null]}",
                "{'layers':[{}]}",
                "{'layers':{}}",
                "{'config':[]}",
                "\u0000",
                "{'schemaVersion':1e400}",
                "{'layers':[{'digest':7}]}"
            })
    void cve_2025_1975_manifests_without_what_they_need(String content) throws IOException {
        plant("broken", content.replace('\'', '"'));
        unusable("broken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-9223372036854775808", "9223372036854775807", "1e300", "'4'", "null"})
    void cve_2025_1975_sizes_that_cannot_be(String size) throws IOException {
        var digest = server.upload(TinyGguf.headerOnly().toArray());
        plant("broken", manifest("{'mediaType':'" + MODEL + "','digest':'" + digest + "','size':" + size + "}"));
        server.send("GET", "/api/tags", new byte[0]).isServed();
        server.post("/api/show", "{'model':'broken'}").isRefusedOrServed();
        server.post("/api/generate", "{'model':'broken','prompt':'a','stream':false}")
                .isRefused();
    }

    @Test
    void cve_2025_1975_layers_that_are_missing_or_twice_there() throws IOException {
        var missing = "sha256:" + "c".repeat(64);
        plant("broken", manifest("{'mediaType':'" + MODEL + "','digest':'" + missing + "','size':4}"));
        unusable("broken");

        var digest = server.upload(TinyGguf.llama(1).toArray());
        var layer = "{'mediaType':'" + MODEL + "','digest':'" + digest + "','size':4}";
        plant("broken", manifest(layer + "," + layer));
        server.send("GET", "/api/tags", new byte[0]).isServed();
        server.post("/api/generate", "{'model':'broken','prompt':'a','stream':false,'options':{'num_predict':2}}")
                .isRefusedOrServed();
        server.send("DELETE", "/api/delete", "{\"model\":\"broken\"}".getBytes(UTF_8));
        server.stillServes();
    }

    @Test
    void corrupt_manifests() throws IOException {
        for (var content : List.of(
                "{",
                "[".repeat(1_000_000),
                "x".repeat(20_000_000),
                "{\"layers\":[" + "{},".repeat(1_000_000) + "{}]}")) {
            plant("broken", content);
            unusable("broken");
        }
    }

    @Test
    void cve_2024_39719_no_answer_tells_whether_a_file_is_there() {
        for (var pair : List.of(
                List.of("/etc/passwd", "/etc/no-such-file"),
                List.of("../../../../etc/passwd", "../../../../etc/no-such-one"),
                List.of("/dev/random", "/dev/no-such"))) {
            for (var body : List.of(
                    "{'model':'m','from':'%s','stream':false}",
                    "{'model':'m','modelfile':'FROM %s','stream':false}",
                    "{'model':'m','path':'%s','stream':false}",
                    "{'model':'m','files':{'%s':'sha256:1'},'stream':false}")) {
                var present =
                        server.post("/api/create", body.formatted(pair.get(0))).isRefused();
                var absent =
                        server.post("/api/create", body.formatted(pair.get(1))).isRefused();
                assertThat(present.status()).isEqualTo(absent.status());
                assertThat(present.body().replace(pair.get(0), ""))
                        .isEqualTo(absent.body().replace(pair.get(1), ""));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../x",
                "/etc/passwd",
                "a/../../b",
                "..",
                ".hidden",
                "x:..",
                "a\\u0000b",
                "%2e%2e/x",
                "http://x/../../y"
            })
    void cve_2024_39722_names_that_lead_elsewhere(String name) throws IOException {
        var body = "{'model':'" + name + "'}";
        server.post("/api/show", body).isRefused();
        server.post("/api/copy", "{'source':'besieged','destination':'" + name + "'}")
                .isRefused();
        server.post("/api/create", "{'model':'" + name + "','from':'besieged','stream':false}")
                .isRefused();
        assertThat(server.send("DELETE", "/api/delete", body.replace('\'', '"').getBytes(UTF_8))
                        .status())
                .isIn(400, 404);
    }

    @Test
    void cve_2024_39721_a_blob_that_is_a_device_or_never_ends() throws Exception {
        for (var target : List.of("/dev/random", "/dev/zero", "/dev/tty", "/proc/kcore")) {
            var digest = "sha256:" + "d".repeat(64);
            var link = blob(digest);
            Files.createSymbolicLink(link, Path.of(target));
            server.post("/api/create", "{'model':'m','files':{'a.gguf':'" + digest + "'},'stream':false}")
                    .isRefused();
            plant("dev", manifest("{'mediaType':'" + MODEL + "','digest':'" + digest + "','size':4}"));
            unusable("dev");
            Files.delete(link);
        }
    }

    @Test
    void a_fifo_and_a_link_among_the_blobs() throws Exception {
        var digest = "sha256:" + "e".repeat(64);
        fifo(blob(digest));
        server.post("/api/create", "{'model':'m','files':{'a.gguf':'" + digest + "'},'stream':false}")
                .isRefused();
        plant("pipe", manifest("{'mediaType':'" + MODEL + "','digest':'" + digest + "','size':4}"));
        unusable("pipe");
        assertThat(server.send("HEAD", "/api/blobs/" + digest, new byte[0]).status())
                .isEqualTo(404);
        Files.delete(blob(digest));
    }

    @Test
    void a_fifo_a_link_a_folder_and_a_device_among_the_manifests() throws Exception {
        var fifo = path("fifo");
        Files.createDirectories(fifo.getParent());
        fifo(fifo);
        unusable("fifo");
        Files.delete(fifo);

        for (var target : List.of(
                "/dev/zero", "/etc/passwd", "/nowhere", TestServer.models().toString())) {
            var link = path("link");
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
            unusable("link");
            Files.delete(link);
        }

        Files.createDirectories(path("folder").resolve("deeper"));
        unusable("folder");
        Files.delete(path("folder").resolve("deeper"));
        Files.delete(path("folder"));
    }

    @Test
    void names_that_differ_only_in_case() throws IOException {
        var manifest = Files.readString(path(ServerUnderTest.TINY));
        plant("BESIEGED", manifest);
        plant("Besieged", manifest);
        server.send("GET", "/api/tags", new byte[0]).isServed();
        for (var name : List.of("besieged", "BESIEGED", "Besieged", "bEsIeGeD")) {
            server.post("/api/show", "{'model':'" + name + "'}").isServed();
            server.post(
                            "/api/generate",
                            "{'model':'" + name + "','prompt':'a','stream':false,'options':{'num_predict':2}}")
                    .isServed();
        }
        for (var name : List.of("BESIEGED", "Besieged")) {
            assertThat(server.send("DELETE", "/api/delete", ("{\"model\":\"" + name + "\"}").getBytes(UTF_8))
                            .status())
                    .isEqualTo(200);
        }
        server.armed();
    }

    @Test
    void one_name_created_and_deleted_at_the_same_time() throws Exception {
        var digest = server.upload(TinyGguf.llama(3).toArray());
        var statuses = together(8, turn -> {
            if (turn % 2 == 0) {
                var reply = server.createFrom("contested", digest, "");
                return reply.status();
            }
            return server.send("DELETE", "/api/delete", "{\"model\":\"contested\"}".getBytes(UTF_8))
                    .status();
        });
        assertThat(statuses).allMatch(status -> List.of(200, 400, 404, 500).contains(status));
        server.createFrom("contested", server.upload(TinyGguf.llama(3).toArray()), "")
                .isServed();
        server.post("/api/show", "{'model':'contested'}").isServed();
        assertThat(server.send("DELETE", "/api/delete", "{\"model\":\"contested\"}".getBytes(UTF_8))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void two_clients_that_upload_one_digest() throws Exception {
        var content = new byte[4_000_000];
        Arrays.fill(content, (byte) 'z');
        var digest = Digest.of(content);
        var wrong = content.clone();
        wrong[0] = 'y';
        var statuses = together(6, turn -> server.send("POST", "/api/blobs/" + digest, turn % 2 == 0 ? content : wrong)
                .status());
        assertThat(statuses).allMatch(status -> List.of(200, 201, 400).contains(status));
        assertThat(Files.readAllBytes(blob(digest.toString()))).isEqualTo(content);
        Files.delete(blob(digest.toString()));
    }

    private void unusable(String name) {
        server.send("GET", "/api/tags", new byte[0]).isServed();
        server.post("/api/show", "{'model':'" + name + "'}").isRefused();
        server.post("/api/generate", "{'model':'" + name + "','prompt':'a','stream':false}")
                .isRefused();
    }

    private List<Integer> together(int clients, IntFunction<Integer> request) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = IntStream.range(0, clients * 5)
                    .mapToObj(turn -> threads.submit(() -> request.apply(turn)))
                    .toList();
            var results = new ArrayList<Integer>();
            for (var task : tasks) {
                results.add(task.get(60, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    private void plant(String name, String content) throws IOException {
        planted.add(path(name));
        Files.createDirectories(path(name).getParent());
        Files.writeString(path(name), content);
    }
}
