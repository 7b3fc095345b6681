// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class BackgroundServerTest {
    private static final Duration LIFE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void run_starts_a_server_where_none_runs_and_leaves_it_running() throws Exception {
        var port = freePort();
        var launcher = launcher("exec '%s' -cp '%s' '%s' %d \"$@\""
                .formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path"),
                        BackgroundServerTest.class.getName(),
                        port));

        var ended = cli(port, launcher).run("run", "m", "hi");

        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.output()).isEqualTo("ok\n\n");
        var told = Pattern.compile("puna: started a server in the background; it goes on running"
                        + " \\(stop it with 'kill (\\d+)', its log is (.+)\\)\n")
                .matcher(ended.errors());
        assertThat(told.matches()).as(ended.errors()).isTrue();
        assertThat(Path.of(told.group(2)))
                .isEqualTo(folder.resolve("state/puna/serve.log"))
                .content()
                .contains("serve");
        var server = ProcessHandle.of(Long.parseLong(told.group(1))).orElseThrow();
        assertThat(cli(port, launcher).run("run", "m", "hi")).isEqualTo(new Cli.Ended(0, "ok\n\n", ""));
        server.destroy();
        server.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_server_that_cannot_start_is_told_of_with_its_last_words() throws IOException {
        var launcher = launcher("echo building >&2; echo 'Error: the store is not readable' >&2; exit 1");

        var ended = cli(freePort(), launcher).run("run", "m", "hi");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors())
                .endsWith("Error: puna serve ended before it answered: Error: the store is not readable (log: "
                        + folder.resolve("state/puna/serve.log") + ")\n");
    }

    @Test
    void without_a_way_to_start_one_the_refusal_is_the_recorded_one() throws IOException {
        assertThat(new Cli(freePort()).run("run", "gemma3-chat", "hi").asRecording())
                .isEqualTo(Recording.of("88-no-server-run"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:%d", "[::]:%d"})
    void a_server_that_others_could_reach_is_not_started_unasked(String host) throws IOException {
        var port = freePort();

        var ended = cli(port, launcher("touch started"))
                .with("PUNA_HOST", host.formatted(port))
                .run("run", "m", "hi");

        assertThat(ended.errors()).isEqualTo(Recording.of("88-no-server-run").errors());
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void other_commands_start_no_server() throws IOException {
        assertThat(cli(freePort(), launcher("exit 0")).run("list").errors())
                .isEqualTo(Recording.of("87-no-server-list").errors());
        assertThat(folder.resolve("state")).doesNotExist();
    }

    /** The server that the launcher of the test starts; it ends by itself should nobody end it. */
    public static void main(String... words) throws Exception {
        try (var server = new FakeServer(Integer.parseInt(words[0]))) {
            server.on("POST /api/show", 200, "{}")
                    .streams("POST /api/generate", "{\"response\":\"ok\"}", "{\"done\":true}");
            log(words[1]);
            Thread.sleep(LIFE);
        }
    }

    @SuppressWarnings("SystemOut")
    private static void log(String line) {
        System.out.println(line);
    }

    private Cli cli(int port, Path launcher) {
        return new Cli(port)
                .with("PUNA_LAUNCHER", launcher.toString())
                .with("XDG_STATE_HOME", folder.resolve("state").toString())
                .with("PATH", System.getenv("PATH"));
    }

    private Path launcher(String script) throws IOException {
        var file = Files.writeString(folder.resolve("launcher with space"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
