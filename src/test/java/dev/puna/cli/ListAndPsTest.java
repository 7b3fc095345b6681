// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class ListAndPsTest {
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
    void list_prints_the_models_as_recorded() {
        server.on(
                "GET /api/tags",
                200,
                "{\"models\":["
                        + String.join(
                                ",",
                                tag("all-minilm:q4", "7a5b5bb121df", 21_000_000),
                                tag("all-minilm:q8", "752e8c8594c6", 25_000_000),
                                tag("all-minilm:latest", "c884e1418a5e", 46_226_644),
                                tag("gemma3-chat:latest", "653d4f270fc3", 253_113_500),
                                tag("gemma3:270m", "14f8ac0fb3c4", 253_113_443),
                                tag("gemma3-tools:latest", "67b4f4190707", 253_114_000),
                                tag("gemma3-fim:latest", "2ae198f018cb", 253_113_600),
                                tag("badp:latest", "438a0728ebf9", 253_113_600),
                                tag("badm:latest", "298dd05d4957", 253_113_600))
                        + "]}");

        assertThat(cli().run("list").asRecording()).isEqualTo(Recording.of("22-list"));
        assertThat(cli().run("ls").output()).isEqualTo(Recording.of("22-list").output());
        assertThat(cli().run("list", "GEMMA3-c").asRecording()).isEqualTo(Recording.of("24-list-filter"));
    }

    @Test
    void a_verbose_list_says_what_goes_with_a_model_and_what_others_share() {
        var model = tag("a:latest", "7a5b5bb121df", 30_000_000)
                .replaceFirst("\\{", "{\"own_size\":5,\"shared_size\":29999995,");
        server.on("GET /api/tags", 200, "{\"models\":[" + model + "],\"total_size\":42}");

        assertThat(cli().run("list", "-v").output().lines())
                .first()
                .asString()
                .matches("NAME +ID +SIZE +OWN +SHARED +MODIFIED +");
        assertThat(cli().run("list", "-v").output())
                .contains("30 MB    5 B    29 MB")
                .endsWith("Total: 42 B\n");
    }

    @Test
    void an_empty_store_lists_a_header() {
        server.on("GET /api/tags", 200, "{\"models\":[]}");

        assertThat(cli().run("list").output()).isEqualTo("NAME    ID    SIZE    MODIFIED \n");
    }

    @Test
    void ps_prints_the_models_in_memory_as_recorded() {
        server.on(
                "GET /api/ps",
                200,
                "{\"models\":["
                        + String.join(
                                ",",
                                running(
                                        "all-minilm:latest",
                                        "c884e1418a5e",
                                        51_000_000,
                                        21_000_000,
                                        512,
                                        Duration.ofSeconds(290)),
                                running(
                                        "gemma3-chat:latest",
                                        "653d4f270fc3",
                                        484_000_000,
                                        222_000_000,
                                        2048,
                                        Duration.ofSeconds(59)))
                        + "]}");

        assertThat(cli().run("ps").asRecording()).isEqualTo(Recording.of("52-ps"));
        assertThat(cli().run("ps", "gemma").output()).contains("gemma3-chat").doesNotContain("all-minilm");
    }

    @Test
    void ps_tells_where_a_model_runs_and_how_long_it_stays() {
        server.on(
                "GET /api/ps",
                200,
                "{\"models\":["
                        + String.join(
                                ",",
                                running("a", "c884e1418a5e", 100, 0, 512, Duration.ofDays(365 * 100)),
                                running("b", "c884e1418a5e", 100, 100, 512, Duration.ofSeconds(-1)),
                                running("c", "c884e1418a5e", 100, 200, 512, Duration.ofHours(3)))
                        + "]}");

        assertThat(cli().run("ps").output().lines().skip(1).map(line -> line.replaceAll(" +", " ")
                        .strip()))
                .containsExactly(
                        "a c884e1418a5e 100 B 100% CPU 512 Forever",
                        "b c884e1418a5e 100 B 100% GPU 512 Stopping...",
                        "c c884e1418a5e 100 B Unknown 512 3 hours from now");
    }

    @Test
    void ps_tells_for_how_long_a_model_is_refused() {
        var refused = running("a", "c884e1418a5e", 0, 0, 0, Duration.ofSeconds(42));
        server.on(
                "GET /api/ps",
                200,
                "{\"models\":[" + refused.substring(0, refused.length() - 1) + ",\"error\":\"SIGSEGV\"}]}");

        assertThat(cli().run("ps").output().lines().skip(1).map(line -> line.replaceAll(" +", " ")
                        .strip()))
                .containsExactly("a c884e1418a5e - - - Refused for 42 seconds");
    }

    @Test
    void ps_tells_runners_where_the_server_does() {
        server.on(
                "GET /api/ps",
                200,
                "{\"models\":[{\"name\":\"a:latest\",\"digest\":\"0123456789abcdef\",\"size\":1,\"size_vram\":0,"
                        + "\"context_length\":4096,\"expires_at\":\"2318-01-01T00:00:00Z\",\"runner\":\"llamacpp\"}]}");

        assertThat(cli().run("ps").output().lines().map(line -> line.strip().split(" {2,}")[5]))
                .containsExactly("RUNNER", "llamacpp");
    }

    @Test
    void without_a_server_the_recorded_sentence_says_how_to_start_one() {
        var port = server.port();
        server.close();

        assertThat(new Cli(port).run("list").asRecording()).isEqualTo(Recording.of("87-no-server-list"));
        assertThat(new Cli(port).run("ps").exitCode()).isEqualTo(1);
    }

    @Test
    void what_is_not_a_server_of_ours_is_told_in_one_sentence() {
        server.on("GET /api/tags", 502, "<html>\nBad Gateway</html>");
        server.on("GET /api/ps", 200, "<!DOCTYPE html>\n<title>Welcome</title>");
        var page = "a web page came from 127.0.0.1:" + server.port()
                + " and not a model server's answer (PUNA_HOST or OLLAMA_HOST names it)\n";

        var refused = cli().run("list");
        var welcomed = cli().run("ps");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.errors()).isEqualTo("Error: 502 Bad Gateway: " + page);
        assertThat(welcomed.exitCode()).isEqualTo(1);
        assertThat(welcomed.errors()).isEqualTo("Error: " + page);
    }

    private Cli cli() {
        return new Cli(server.port());
    }

    private static String tag(String name, String digest, long size) {
        return "{\"name\":\"%s\",\"model\":\"%s\",\"modified_at\":\"%s\",\"size\":%d,\"digest\":\"%s\"}"
                .formatted(
                        name,
                        name,
                        Cli.NOW.minusSeconds(310).toString().replace("Z", "+00:00"),
                        size,
                        digest + "0".repeat(52));
    }

    private static String running(String name, String digest, long size, long onDevice, int context, Duration stays) {
        return "{\"name\":\"%s\",\"size\":%d,\"digest\":\"%s\",\"expires_at\":\"%s\",\"size_vram\":%d,\"context_length\":%d}"
                .formatted(name, size, digest + "0".repeat(52), Cli.NOW.plus(stays), onDevice, context);
    }
}
