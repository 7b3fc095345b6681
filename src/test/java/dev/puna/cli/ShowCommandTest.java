// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.cli.client.ServerJson;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class ShowCommandTest {
    private static final String GEMMA_INFO = """
            "gemma3.attention.head_count":4,"gemma3.attention.head_count_kv":1,"gemma3.attention.key_length":256,\
            "gemma3.attention.layer_norm_rms_epsilon":0.000001,"gemma3.attention.sliding_window":512,\
            "gemma3.attention.value_length":256,"gemma3.block_count":18,"gemma3.context_length":32768,\
            "gemma3.embedding_length":640,"gemma3.feed_forward_length":2048,"gemma3.rope.freq_base":1000000,\
            "general.architecture":"gemma3","general.basename":"gemma-3","general.file_type":15,\
            "general.license":"gemma","general.parameter_count":268098176,"general.quantization_version":2,\
            "general.size_label":"270M","general.type":"model","tokenizer.ggml.add_bos_token":true,\
            "tokenizer.ggml.add_eos_token":false,"tokenizer.ggml.add_sep_token":false,\
            "tokenizer.ggml.add_space_prefix":false,"tokenizer.ggml.bos_token_id":2,\
            "tokenizer.ggml.eos_token_id":1,"tokenizer.ggml.model":"llama","tokenizer.ggml.padding_token_id":0,\
            "tokenizer.ggml.pre":"default","tokenizer.ggml.unknown_token_id":3""";
    private static final String GEMMA = """
            {"details":{"family":"gemma3","parameter_size":"268.10M","quantization_level":"Q4_K_M"},\
            "model_info":{INFO},"tensors":[TENSORS],"capabilities":["completion"]}""";

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
    void the_runners_of_a_model_are_shown_where_the_server_tells_them() {
        server.on(
                "POST /api/show",
                200,
                "{\"details\":{\"family\":\"llama\",\"runner\":\"llamacpp\"},\"model_info\":{},\"manifests\":["
                        + "{\"digest\":\"sha256:0123456789abcdef\",\"runner\":\"ggml\"},"
                        + "{\"digest\":\"sha256:fedcba9876543210\",\"runner\":\"llamacpp\"}]}");

        assertThat(run("show", "a").output().lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
                .contains(
                        "runner|llamacpp",
                        "available runners|ggml:sha256:0123456789ab,",
                        "llamacpp:sha256:fedcba987654");
    }

    @Test
    void a_model_is_shown_as_recorded() {
        server.on("POST /api/show", 200, GEMMA.replace("INFO", GEMMA_INFO).replace("TENSORS", ""));

        assertThat(run("show", "gemma3:270m").asRecording()).isEqualTo(Recording.of("26-show"));
        assertThat(server.last("POST /api/show").json().text("model")).isEqualTo("gemma3:270m");
    }

    @Test
    void an_embedding_model_is_shown_as_recorded() {
        server.on("POST /api/show", 200, """
                {"details":{"quantization_level":"F16"},"model_info":{"general.architecture":"bert",
                "general.parameter_count":22565376,"bert.context_length":512,"bert.embedding_length":384},
                "capabilities":["embedding"]}""");

        assertThat(run("show", "all-minilm").asRecording()).isEqualTo(Recording.of("28-show-embed"));
    }

    @Test
    void with_verbose_everything_is_shown_as_recorded() {
        var recorded = Recording.of("34-show-verbose").output();
        var info = GEMMA_INFO
                + ",\"general.tags\":[\"gemma3\",\"gemma\",\"google\",\"x\"]"
                + ",\"tokenizer.ggml.scores\":" + list("-1000", 262_144)
                + ",\"tokenizer.ggml.token_type\":" + list("3", 262_144)
                + ",\"tokenizer.ggml.tokens\":" + list("\"<pad>\"", 262_144);
        server.on("POST /api/show", 200, GEMMA.replace("INFO", info).replace("TENSORS", tensorsOf(recorded)));

        var shown = run("show", "--verbose", "gemma3:270m").output();

        assertThat(shown.lines().limit(80).collect(joining("\n", "", "\n"))).isEqualTo(recorded);
        assertThat(server.last("POST /api/show").json().flag("verbose")).isTrue();
    }

    @Test
    void parameters_system_and_license_have_sections_of_their_own() {
        server.on(
                "POST /api/show",
                200,
                ServerJson.write(Map.of(
                        "parameters",
                        "num_ctx                        2048\nstop                           \"<end>\"",
                        "system",
                        "one\n\ntwo\nthree",
                        "license",
                        "word ".repeat(30).strip(),
                        "details",
                        Map.of("family", "llama", "parameter_size", "1B", "quantization_level", "Q4_0"))));

        assertThat(run("show", "m").output()).isEqualTo("""
                  Model
                    architecture    llama   \s
                    parameters      1B      \s
                    quantization    Q4_0    \s

                  Parameters
                    num_ctx    2048      \s
                    stop       "<end>"   \s

                  System
                    one   \s
                    two   \s
                    ...   \s

                  License
                    word word word word word word word word word word word word word word word word word word word word   \s
                    word word word word word word word word word word                                                     \s

                """);
    }

    @ParameterizedTest
    @CsvSource({
        "29-show-modelfile, gemma3-chat, --modelfile",
        "77-create-show-modelfile, t-ok, --modelfile",
        "30-show-parameters, gemma3-chat, --parameters",
        "32-show-system, gemma3-chat, --system",
        "33-show-license, gemma3-chat, --license",
        "38-show-no-params, gemma3:270m, --parameters",
    })
    void a_part_is_printed_as_it_is(String recording, String model, String flag) {
        var expected = Recording.of(recording);
        // The server ends no part but the Modelfile with a newline.
        var part =
                flag.equals("--system") ? expected.output() : expected.output().replaceFirst("\n$", "");
        server.on("POST /api/show", 200, ServerJson.write(Map.of(flag.substring(2), part)));

        assertThat(run("show", model, flag).asRecording()).isEqualTo(expected);
    }

    @Test
    void an_unknown_model_is_refused_as_recorded() {
        server.on("POST /api/show", 404, "{\"error\":\"model 'nosuch:latest' not found\"}");

        assertThat(run("show", "nosuch").asRecording()).isEqualTo(Recording.of("36-show-404"));
    }

    private Cli.Ended run(String... words) {
        return new Cli(server.port()).run(words);
    }

    private static String list(String entry, int count) {
        return Stream.generate(() -> entry).limit(count).collect(joining(",", "[", "]"));
    }

    /** The tensors that the recording lists, and one further down whose name is the longest. */
    private static String tensorsOf(String recorded) {
        var rows = Pattern.compile("    (\\S+) +([A-Z]\\w+) +\\[([\\d ]+)\\] *").matcher(recorded);
        return rows.results()
                .map(row -> tensor(row.group(1), row.group(2), row.group(3)))
                .collect(joining(",", "", "," + tensor("blk.10.post_attention_norm.weight", "F32", "640")));
    }

    private static String tensor(String name, String type, String shape) {
        return "{\"name\":\"%s\",\"type\":\"%s\",\"shape\":[%s]}".formatted(name, type, shape.replace(' ', ','));
    }
}
