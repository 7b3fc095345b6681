// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.support.PackagedProgram;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A GPU backend without a GPU: the processor behind Vulkan, which is slow, but a device with memory of its own to ggml. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class VulkanIT {
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);
    private static final int LAYERS = 31;

    /** Bytes: of one layer, for 4096 tokens. */
    private static final String LESS_THAN_A_CACHE = "1000000";

    @TempDir
    Path home;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();
    private PackagedProgram puna = new PackagedProgram(Path.of(""));
    private int port;

    @BeforeEach
    void chooseTheDriver() throws IOException {
        var vulkan = TestModels.vulkan();
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        puna = new PackagedProgram(home)
                .with("PUNA_HOST", "127.0.0.1:" + port)
                .with("PUNA_THREADS", "1")
                .with("PUNA_NATIVE_LIBS", vulkan.libraries().toString())
                .with("VK_DRIVER_FILES", vulkan.driver().toString())
                .with("VK_ICD_FILENAMES", vulkan.driver().toString())
                .with("LP_NUM_THREADS", "2");
    }

    @Test
    void the_device_is_listed_where_it_is_asked_for_and_else_the_library_is_rejected() throws IOException {
        var hidden = puna.run("devices");
        assertThat(hidden.exitCode()).as(hidden.errors()).isZero();
        assertThat(hidden.output())
                .startsWith("NAME ")
                .containsPattern("(?m)^CPU +CPU +cpu ")
                .contains("\nNot used: libggml-vulkan.so (it found no device)\n")
                .containsPattern("CPU instructions: \\w+")
                .doesNotContain("Vulkan0");

        var listed = puna.with("GGML_VK_VISIBLE_DEVICES", "0").run("devices");
        assertThat(listed.output())
                .containsPattern("(?m)^Vulkan0 +Vulkan +discrete +.*llvmpipe")
                .contains("\nSet: GGML_VK_VISIBLE_DEVICES=0\n")
                .doesNotContain("Not used");

        var json = mapper.readTree(puna.run("devices", "--json").output());
        assertThat(json.path("devices").path(0).path("name").asText()).isEqualTo("Vulkan0");
        assertThat(json.path("devices").path(0).path("memory_total").asLong()).isPositive();
        assertThat(json.path("rejected")).isEmpty();

        var forced = puna.with("PUNA_LLM_LIBRARY", "cpu").run("devices");
        assertThat(forced.output())
                .contains("Not used: libggml-vulkan.so (only cpu is wanted)")
                .doesNotContain("Vulkan0");

        var absent = puna.with("PUNA_LLM_LIBRARY", "cuda").run("devices");
        assertThat(absent.exitCode()).isEqualTo(1);
        assertThat(absent.errors())
                .startsWith("Error: cannot compute with the library cuda: ")
                .contains(" has cpu, vulkan; set PUNA_LLM_LIBRARY to one of these, or unset it");
    }

    @Test
    void a_model_answers_the_same_from_the_device_whole_and_in_part_and_stays_off_it_when_told() throws Exception {
        Files.writeString(home.resolve("Modelfile"), "FROM " + TestModels.smolLm2() + "\n");
        try (var server = puna.with("GGML_VK_VISIBLE_DEVICES", "0").start("serve")) {
            awaitReady(server);
            var created =
                    puna.run("create", "m", "-f", home.resolve("Modelfile").toString());
            assertThat(created.exitCode()).as(created.errors()).isZero();

            // The other way round would change nothing: what is loaded does for a request that leaves it open.
            var onDevice = answer("'num_gpu':-1,'num_ctx':256");
            var whole = ps();
            assertThat(whole.path("size_vram").asLong())
                    .isPositive()
                    .isEqualTo(whole.path("size").asLong());
            assertThat(puna.run("ps").output()).contains("100% GPU");
            assertPlannedWell(server.errors(), LAYERS);

            assertThat(answer("'num_gpu':15,'num_ctx':256")).isEqualTo(onDevice);
            assertThat(ps().path("size_vram").asLong())
                    .isPositive()
                    .isLessThan(whole.path("size_vram").asLong());
            assertThat(puna.run("ps").output()).containsPattern("\\d+%/\\d+% CPU/GPU");
            assertPlannedWell(server.errors(), 15);

            assertThat(answer("'num_gpu':0,'num_ctx':256")).isEqualTo(onDevice);
            assertThat(ps().path("size_vram").asLong()).isZero();
            assertThat(puna.run("ps").output()).contains("100% CPU");
            assertPlannedWell(server.errors(), 0);
            assertThat(server.errors())
                    .contains("inference.compute name=Vulkan0 library=Vulkan description=\"llvmpipe");
        }
    }

    @Test
    void a_load_for_which_the_device_has_no_memory_is_tried_smaller_until_the_cpu_has_it() throws Exception {
        Files.writeString(home.resolve("Modelfile"), "FROM " + TestModels.smolLm2() + "\n");
        try (var server = puna.with("GGML_VK_VISIBLE_DEVICES", "0")
                .with("GGML_VK_FORCE_MAX_BUFFER_SIZE", LESS_THAN_A_CACHE)
                .with("GGML_VK_FORCE_MAX_ALLOCATION_SIZE", LESS_THAN_A_CACHE)
                .start("serve")) {
            awaitReady(server);
            var created =
                    puna.run("create", "m", "-f", home.resolve("Modelfile").toString());
            assertThat(created.exitCode()).as(created.errors()).isZero();

            answer("'num_gpu':-1,'num_ctx':4096");

            assertThat(ps().path("size_vram").asLong()).isZero();
            assertThat(server.errors())
                    .containsSubsequence(
                            "model.load.retry name=m:latest context=4096 sequences=8 gpu_layers=31 reason=",
                            "model.load.retry name=m:latest context=4096 sequences=1 gpu_layers=31 reason=",
                            "model.load.retry name=m:latest context=4096 sequences=1 gpu_layers=15 reason=",
                            "model.load name=m:latest");

            var fixed = post("'num_gpu':31,'num_ctx':4096");
            assertThat(fixed.statusCode()).isEqualTo(500);
            assertThat(fixed.body()).contains("failed to allocate").contains("may fit the memory");
        }
    }

    /** Nothing takes noticeably more than was thought. */
    private static void assertPlannedWell(String log, int layers) {
        var line = Pattern.compile(
                        "gpu_layers=" + layers + " planned=(\\d+) memory=(\\d+) planned_gpu=(\\d+) memory_gpu=(\\d+)")
                .matcher(log);
        assertThat(line.find()).as(log).isTrue();
        assertThat(Double.parseDouble(line.group(2))).isLessThanOrEqualTo(1.03 * Double.parseDouble(line.group(1)));
        assertThat(Double.parseDouble(line.group(4))).isLessThanOrEqualTo(1.03 * Double.parseDouble(line.group(3)));
    }

    private String answer(String option) throws Exception {
        var response = post(option);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        var text = mapper.readTree(response.body()).path("response").asText();
        assertThat(text).isNotBlank();
        return text;
    }

    private HttpResponse<String> post(String option) throws Exception {
        var body = "{'model':'m','prompt':'1 2 3 4','raw':true,'stream':false,"
                + "'options':{'temperature':0,'num_predict':4," + option + "}}";
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/generate"))
                .timeout(LONGEST_ANSWER)
                .POST(BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private JsonNode ps() throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/ps"))
                .timeout(LONGEST_ANSWER)
                .build();
        return mapper.readTree(client.send(request, BodyHandlers.ofString()).body())
                .path("models")
                .path(0);
    }

    private void awaitReady(PackagedProgram.Running server) throws InterruptedException {
        var deadline = System.nanoTime() + LONGEST_ANSWER.toNanos();
        while (!server.errors().contains("server.listen ")) {
            assertThat(server.isAlive()).as(server.errors()).isTrue();
            assertThat(System.nanoTime()).as("ready in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
