// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.ServedProgram;
import dev.puna.support.TestModels;
import dev.puna.support.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The process of a model as the system shows it, and what becomes of answers and memory when it ends. */
@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IsolatedModelIT {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String SHORT =
            "{\"model\":\"m\",\"prompt\":\"Hi\",\"stream\":false,\"options\":{\"num_predict\":3}}";
    private static final String LONG =
            "{\"model\":\"m\",\"prompt\":\"Tell me a story.\",\"options\":{\"num_predict\":3000}}";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path home;

    private static ServedProgram served;

    @BeforeAll
    static void serve() throws Exception {
        served = ServedProgram.start(home, Map.of("PUNA_RUNNER_MEMORY", "6g", "SOME_API_KEY", "not-for-models"));
        served.create("m", TestModels.smolLm2());
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @BeforeEach
    void load() throws Exception {
        assertThat(ask(SHORT)).contains("\"done\":true");
    }

    @Test
    @Order(1)
    void it_has_no_rights_no_secrets_a_limit_and_the_files_of_its_model() throws Exception {
        var process = Path.of("/proc", Long.toString(model().pid()));

        var status = Files.readString(process.resolve("status"));
        assertThat(status).containsPattern("NoNewPrivs:\\s+1\n").containsPattern("CapEff:\\s+0+\n");
        assertThat(status).containsPattern("Seccomp:\\s+2\n");
        assertThat(Files.readString(process.resolve("limits")))
                .containsPattern("Max data size +6442450944 +6442450944 ");
        assertThat(Files.readString(process.resolve("environ"))).doesNotContain("not-for-models");
        assertThat(Integer.parseInt(
                        Files.readString(process.resolve("oom_score_adj")).strip()))
                .isGreaterThan(Integer.parseInt(
                        Files.readString(Path.of("/proc/self/oom_score_adj")).strip()));
        assertThat(descriptors(process))
                .filteredOn(name -> name.startsWith("socket:"))
                .hasSize(1);
    }

    @Test
    @Order(2)
    void one_that_is_killed_costs_its_answers_and_no_more() throws Exception {
        var answer = CompletableFuture.supplyAsync(() -> ask(LONG));
        var before = model();
        Thread.sleep(1_000);

        before.destroyForcibly();

        assertThat(answer.get(BOUND.toSeconds(), TimeUnit.SECONDS)
                        .lines()
                        .toList()
                        .getLast())
                .contains("\"error\":\"model runner has unexpectedly stopped")
                .contains("SIGKILL");
        assertThat(ask(SHORT)).contains("\"done\":true");
        assertThat(model().pid()).isNotEqualTo(before.pid());
        assertThat(served.server().isAlive()).isTrue();
    }

    @Test
    @Order(3)
    void one_that_stands_still_is_replaced() throws Exception {
        var before = model();
        new ProcessBuilder("kill", "-STOP", Long.toString(before.pid())).start().waitFor();
        var asked = System.nanoTime();

        assertThat(ask(SHORT)).contains("it did not answer for 8 s");

        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(15));
        assertThat(ask(SHORT)).contains("\"done\":true");
        assertThat(before.isAlive()).isFalse();
    }

    @Test
    @Order(4)
    void an_unloaded_model_leaves_no_process() {
        var before = model();

        ask("{\"model\":\"m\",\"keep_alive\":0}");

        Waiting.until(BOUND, () -> served.server().children().isEmpty());
        assertThat(before.isAlive()).isFalse();
    }

    @Test
    @Order(5)
    void the_end_of_the_server_is_the_end_of_its_models() throws Exception {
        var model = model();

        served.server().signal("KILL");

        model.onExit().get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    private static ProcessHandle model() {
        var children = served.server().children();
        assertThat(children).hasSize(1);
        return children.getFirst();
    }

    private static List<String> descriptors(Path process) throws IOException {
        try (var descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.map(IsolatedModelIT::target).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static String ask(String body) {
        var request = HttpRequest.newBuilder(URI.create("http://" + served.address() + "/api/generate"))
                .POST(BodyPublishers.ofString(body))
                .timeout(BOUND)
                .build();
        try {
            return CLIENT.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
