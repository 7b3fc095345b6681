// SPDX-License-Identifier: Apache-2.0
package dev.puna.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.support.RawExchange;
import dev.puna.support.ServedProgram;
import dev.puna.support.TinyProjector;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Published faults of others against the packaged program: each ends in a sentence or an answer, and the next request is served. */
@Timeout(240)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PublishedFaultsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HALF_OPEN = 1_000;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path home;

    @SuppressWarnings("NullAway.Init")
    private static ServedProgram served;

    @SuppressWarnings("NullAway.Init")
    private static HostileTrial trial;

    @BeforeAll
    static void serve() throws Exception {
        trial = new HostileTrial(() -> {
            served = ServedProgram.start(home, Map.of("GGML_NO_BACKTRACE", "1", "PUNA_NUM_PARALLEL", "4"));
            return served;
        });
    }

    @AfterAll
    static void stop() {
        trial.close();
    }

    static List<HostileModel> models() {
        return PublishedFaults.models();
    }

    @ParameterizedTest
    @MethodSource("models")
    void a_file_is_refused_or_runs(HostileModel model) throws Exception {
        assertThat(trial.judge(model)).isLessThan(Verdict.HUNG);
        trial.requireHonestService();
    }

    /** CVE-2025-15514: what is no picture, given to a model that sees. */
    @Test
    void pictures_that_are_none_are_refused_in_a_sentence() throws Exception {
        trial.createWithProjector("seeing", TinyProjector.llava(1).toArray());
        for (var picture : PublishedFaults.pictures()) {
            var images = List.of(Base64.getEncoder().encodeToString(picture));
            var answer = generate("seeing", "[img-0] a", Map.of("num_predict", 2), Map.of("images", images));
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
            assertThat(JSON.readTree(answer.body()).isObject()).isTrue();
        }
        trial.requireHonestService();
    }

    /** CVE-2026-21869, issue 24967 and others: options that leave a context, a batch or a window without room. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"num_ctx\":64,\"num_predict\":300,\"num_keep\":-2147483648}",
                "{\"num_ctx\":64,\"num_predict\":300,\"num_keep\":2147483647}",
                "{\"num_ctx\":64,\"num_predict\":300,\"num_keep\":64}",
                "{\"num_ctx\":64,\"num_predict\":300,\"num_batch\":1}",
                "{\"num_ctx\":64,\"num_predict\":4,\"num_batch\":2}",
                "{\"num_predict\":-2}",
                "{\"num_predict\":4,\"repeat_last_n\":2147483647,\"repeat_penalty\":1.5}",
                "{\"num_predict\":4,\"repeat_last_n\":-2147483648}",
                "{\"num_predict\":4,\"dry_multiplier\":1,\"dry_allowed_length\":-5,\"dry_base\":0}",
                "{\"num_predict\":4,\"seed\":-9223372036854775808}",
            })
    void options_without_sense_are_refused_or_served(String options) throws Exception {
        var answer = generate(HostileTrial.BASE, "hello hello hello", JSON.readTree(options), Map.of());
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
        trial.requireHonestService();
    }

    /** Issue 23108: a repetition whose minimum is above its maximum. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"array\",\"minItems\":5,\"maxItems\":2}",
                "{\"type\":\"string\",\"minLength\":5,\"maxLength\":2}",
                "{\"type\":\"string\",\"pattern\":\"^a{5,2}$\"}",
                "{\"type\":\"string\",\"pattern\":\"^(a{2000000000,}){2,1}$\"}",
            })
    void a_repetition_that_cannot_be_is_refused(String schema) throws Exception {
        var format = Map.<String, Object>of("format", JSON.readTree(schema));
        var answer = generate(HostileTrial.BASE, "a", Map.of("num_predict", 8), format);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        trial.requireHonestService();
    }

    /** CVE-2025-52566: a text whose tokens are more than a number holds room for. */
    @Test
    void a_text_of_ten_megabytes_becomes_tokens() throws Exception {
        var answer = trial.post("/api/tokenize", Map.of("model", HostileTrial.BASE, "content", "ab".repeat(5 << 20)));
        assertThat(answer.statusCode()).isIn(200, 400);
        trial.requireHonestService();
    }

    /** Clients that begin a request and say no more; their connections end only after half a minute. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/generate",
                "/api/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000"
            })
    void a_thousand_half_open_requests_keep_nobody_from_being_served(String path) throws Exception {
        var exchanges = new ArrayList<RawExchange>();
        try {
            for (var i = 0; i < HALF_OPEN; i++) {
                var exchange = RawExchange.open(URI.create("http://" + served.address()));
                exchanges.add(exchange);
                exchange.writeLines(
                        "POST " + path + " HTTP/1.1", "Host: " + served.address(), "Content-Length: 100", "", "{");
            }
            var began = System.nanoTime();
            trial.requireHonestService();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
        } finally {
            for (var exchange : exchanges) {
                exchange.close();
            }
        }
    }

    private HttpResponse<String> generate(String model, String prompt, Object options, Map<String, Object> others)
            throws Exception {
        return trial.post("/api/generate", HostileTrial.generation(model, prompt, true, options, others));
    }
}
