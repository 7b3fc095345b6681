// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class ManageCommandsTest {
    private static final String UNLOADED = "{\"done\":true,\"done_reason\":\"unload\"}";

    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void cp_copies_as_recorded() {
        server.on("POST /api/copy", 200, "");

        assertThat(run("cp", "gemma3:270m", "gemma3-copy").asRecording()).isEqualTo(Recording.of("56-cp"));
        var asked = server.last("POST /api/copy").json();
        assertThat(asked.text("source")).isEqualTo("gemma3:270m");
        assertThat(asked.text("destination")).isEqualTo("gemma3-copy");
    }

    @Test
    void cp_passes_on_what_the_server_warns_of() {
        server.on("POST /api/copy", 200, "{\"status\":\"Warning: discarded mlx\"}");

        var copied = run("cp", "a", "b");

        assertThat(copied.output()).contains("copied 'a' to 'b'");
        assertThat(copied.asRecording().toString()).contains("Warning: discarded mlx");
    }

    @Test
    void cp_of_an_unknown_model_is_refused_as_recorded() {
        server.on("POST /api/copy", 404, "{\"error\":\"model \\\"nosuch\\\" not found\"}");

        assertThat(run("cp", "nosuch", "y").asRecording()).isEqualTo(Recording.of("57-cp-404"));
    }

    @Test
    void rm_unloads_and_deletes_each_as_recorded() {
        server.streams("POST /api/generate", UNLOADED).on("DELETE /api/delete", 200, "");

        assertThat(run("rm", "t-ok", "t-gguf", "t-lower").asRecording()).isEqualTo(Recording.of("81-rm-many"));
        assertThat(server.requests().stream().map(FakeServer.Request::line).limit(4))
                .containsExactly(
                        "POST /api/generate", "DELETE /api/delete", "POST /api/generate", "DELETE /api/delete");
        assertThat(server.last("DELETE /api/delete").json().text("model")).isEqualTo("t-lower");
    }

    @Test
    void rm_of_an_unknown_model_is_refused_as_recorded() {
        refuse("nosuch");
        assertThat(run("rm", "nosuch").asRecording()).isEqualTo(Recording.of("60-rm-404"));
        refuse("nosuch1");
        assertThat(run("rm", "nosuch1", "nosuch2").asRecording()).isEqualTo(Recording.of("61-rm-multi"));
    }

    @Test
    void rm_goes_on_when_a_model_cannot_be_unloaded() {
        server.on("POST /api/generate", 500, "{\"error\":\"busy\"}").on("DELETE /api/delete", 200, "");

        assertThat(run("rm", "m")).isEqualTo(new Cli.Ended(0, "deleted 'm'\n", "Warning: unable to stop model 'm'\n"));
    }

    @Test
    void stop_unloads_a_model_and_says_nothing() {
        server.streams("POST /api/generate", UNLOADED);

        assertThat(run("stop", "gemma3-chat").asRecording()).isEqualTo(Recording.of("53-stop"));
        var asked = server.last("POST /api/generate").json();
        assertThat(asked.text("model")).isEqualTo("gemma3-chat");
        assertThat(asked.at("keep_alive").value()).isEqualTo(0L);
    }

    @Test
    void stop_of_an_unknown_model_is_refused_as_recorded() {
        refuse("nosuch");

        assertThat(run("stop", "nosuch").asRecording()).isEqualTo(Recording.of("54-stop-404"));
    }

    @Test
    void pull_and_push_say_so_while_the_server_has_no_such_route() {
        for (var command : List.of("pull", "push")) {
            var ended = run(command, "tinyllama");

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.errors())
                    .startsWith("Error: " + command + "ing models comes with a later version of puna");
        }
    }

    @Test
    void push_shows_what_the_server_does() {
        server.streams(
                "POST /api/push",
                "{\"status\":\"retrieving manifest\"}",
                "{\"status\":\"pushing 8daa9615cce3\",\"digest\":\"sha256:8daa9615cce3aaaa\",\"total\":10,\"completed\":10}",
                "{\"status\":\"pushing manifest\"}",
                "{\"status\":\"success\"}");

        assertThat(run("push", "me/tinyllama", "--insecure"))
                .isEqualTo(new Cli.Ended(
                        0, "", "retrieving manifest\npushing 8daa9615cce3 100%\npushing manifest\nsuccess\n"));
        assertThat(server.last("POST /api/push").json().flag("insecure")).isTrue();
    }

    @Test
    void push_into_the_namespace_of_others_is_told_as_Ollama_does() {
        server.streams(
                "POST /api/push",
                "{\"status\":\"retrieving manifest\"}",
                "{\"error\":\"unauthorized: access denied\"}");

        var ended = run("push", "them/tinyllama");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors())
                .endsWith("Error: you are not authorized to push to this namespace, create the model under a namespace"
                        + " you own\n");
    }

    @Test
    void pull_shows_what_the_server_does() {
        server.streams(
                "POST /api/pull",
                "{\"status\":\"pulling manifest\"}",
                "{\"status\":\"pulling 8daa9615cce3\",\"digest\":\"sha256:8daa9615cce3aaaa\",\"total\":10,\"completed\":5}",
                "{\"status\":\"pulling 8daa9615cce3\",\"digest\":\"sha256:8daa9615cce3aaaa\",\"total\":10,\"completed\":10}",
                "{\"status\":\"success\"}");

        assertThat(run("pull", "tinyllama", "--insecure"))
                .isEqualTo(new Cli.Ended(0, "", "pulling manifest\npulling 8daa9615cce3 100%\nsuccess\n"));
        assertThat(server.last("POST /api/pull").json().flag("insecure")).isTrue();
    }

    @Test
    void an_error_in_the_middle_of_a_stream_ends_the_command() {
        server.streams("POST /api/pull", "{\"status\":\"pulling manifest\"}", "{\"error\":\"no such host\"}");

        assertThat(run("pull", "m")).isEqualTo(new Cli.Ended(1, "", "pulling manifest\nError: no such host\n"));
    }

    @Test
    void version_tells_of_server_and_client() {
        server.on("GET /api/version", 200, "{\"version\":\"0.33.0\",\"puna\":\"" + PunaVersion.read() + "\"}");
        assertThat(run("--version").output()).isEqualTo("puna version is " + PunaVersion.read() + "\n");

        server.on("GET /api/version", 200, "{\"version\":\"0.33.0\"}");
        assertThat(run("-v").output())
                .isEqualTo("puna version is 0.33.0\nWarning: client version is " + PunaVersion.read() + "\n");

        server.close();
        assertThat(run("-v"))
                .isEqualTo(new Cli.Ended(
                        0,
                        "Warning: could not connect to a running Puna instance\nWarning: client version is "
                                + PunaVersion.read() + "\n",
                        ""));
    }

    private void refuse(String model) {
        var error = "{\"error\":\"model '" + model + "' not found\"}";
        server.on("POST /api/generate", 404, error).on("DELETE /api/delete", 404, error);
    }

    private Cli.Ended run(String... words) {
        return new Cli(server.port()).run(words);
    }
}
