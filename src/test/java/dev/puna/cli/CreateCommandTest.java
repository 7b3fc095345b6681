// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.cli.client.ServerJson;
import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class CreateCommandTest {
    private static final String RECORDED_DIGEST = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818";

    @TempDir
    Path folder;

    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        server.streams("POST /api/create", "{\"status\":\"success\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_model_is_made_from_a_file_as_recorded() throws IOException {
        var digest = write("weights.gguf", "GGUF and so on");
        server.on("POST /api/blobs/" + digest, 201, "")
                .streams(
                        "POST /api/create",
                        "{\"status\":\"parsing GGUF\"}",
                        "{\"status\":\"verifying conversion\"}",
                        "{\"status\":\"using existing layer " + digest + "\"}",
                        "{\"status\":\"writing manifest\"}",
                        "{\"status\":\"success\"}");
        write("Modelfile.gguf", "FROM ./weights.gguf\n");

        var ended = create("t-gguf", "Modelfile.gguf");

        var recorded = Recording.of("64-create-gguf");
        assertThat(ended.asRecording())
                .isEqualTo(new Recording(0, "", recorded.errors().replace("sha256:" + RECORDED_DIGEST, digest.text())));
        assertThat(server.last("POST /api/blobs/" + digest).body()).isEqualTo("GGUF and so on");
        var asked = server.last("POST /api/create").json();
        assertThat(asked.value()).isEqualTo(Map.of("model", "t-gguf", "files", Map.of("weights.gguf", digest.text())));
    }

    @Test
    void a_file_that_the_server_has_is_not_sent_again() throws IOException {
        var digest = write("weights.gguf", "GGUF");
        server.on("HEAD /api/blobs/" + digest, exchange -> exchange.sendResponseHeaders(200, -1));
        write("Modelfile", "FROM weights.gguf");

        assertThat(create("m", "Modelfile").exitCode()).isZero();
        assertThat(server.requests().stream().map(FakeServer.Request::line))
                .containsExactly("HEAD /api/blobs/" + digest, "POST /api/create");
    }

    @Test
    void a_file_may_be_linked_if_that_is_asked_for() throws IOException {
        var digest = write("weights.gguf", "GGUF");
        server.on("POST /api/blobs/" + digest, exchange -> {
            assertThat(exchange.getRequestHeaders().getFirst("Puna-File")).endsWith("weights.gguf");
            assertThat(exchange.getRequestHeaders().getFirst("Puna-Link")).isEqualTo("1");
            exchange.getResponseHeaders().set("Puna-File", "linked");
            exchange.sendResponseHeaders(201, -1);
        });
        write("Modelfile", "FROM weights.gguf");

        var ended = createLinked();

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.errors()).containsPattern("linked to .*/weights.gguf, which must not be changed any more\n");
        assertThat(server.last("POST /api/blobs/" + digest).body()).isEmpty();
    }

    @Test
    void a_file_that_the_server_does_not_take_from_where_it_is_is_sent() throws IOException {
        var digest = write("weights.gguf", "GGUF");
        server.on("POST /api/blobs/" + digest, exchange -> {
            var refused = exchange.getRequestHeaders().containsKey("Puna-File");
            exchange.sendResponseHeaders(refused ? 400 : 201, -1);
        });
        write("Modelfile", "FROM weights.gguf");

        var ended = createLinked();

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.errors()).doesNotContain("linked");
        assertThat(server.last("POST /api/blobs/" + digest).body()).isEqualTo("GGUF");
    }

    @Test
    void a_name_that_is_none_is_refused_before_anything_is_read_or_sent() {
        var ended = new Cli(server.port()).run("create", "a b", "-f", "nosuch");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors()).isEqualTo("Error: invalid model name: a b\n");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void everything_in_a_Modelfile_reaches_the_server() throws IOException {
        write("Modelfile", """
                FROM gemma3:270m
                SYSTEM You are terse.
                TEMPLATE {{ .Prompt }}
                PARAMETER temperature 0
                PARAMETER stop a
                PARAMETER stop b
                PARAMETER mirostat 1
                MESSAGE user hi
                MESSAGE assistant hello
                LICENSE MIT
                RENDERER plain
                PARSER plain
                REQUIRES v0.14.0
                CAPABILITY tools
                CAPABILITY vision
                """);

        var ended = new Cli(server.port())
                .run(
                        "create",
                        "t",
                        "-q",
                        "q4_K_M",
                        "--draft-quantize=q8_0",
                        "--file",
                        folder.resolve("Modelfile").toString());

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.errors()).contains("warning: parameter mirostat is deprecated\n");
        assertThat(server.last("POST /api/create").json())
                .isEqualTo(ServerJson.read("""
                {"model":"t","from":"gemma3:270m","system":"You are terse.","template":"{{ .Prompt }}",
                "messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}],
                "license":["MIT"],"renderer":"plain","parser":"plain","requires":"0.14.0","capabilities":["tools","vision"],
                "parameters":{"temperature":0.0,"stop":["a","b"]},"quantize":"q4_K_M","draft_quantize":"q8_0"}""").orElseThrow());
    }

    @Test
    void quantising_has_a_bar_of_its_own() throws IOException {
        var digest = write("weights.gguf", "GGUF");
        write("Modelfile", "FROM weights.gguf\n");
        server.on("POST /api/blobs/" + digest, 201, "")
                .streams(
                        "POST /api/create",
                        "{\"status\":\"quantizing F16 model to Q4_K_M\",\"digest\":\"0000000000000000000\",\"total\":4000,"
                                + "\"completed\":2000}",
                        "{\"status\":\"quantizing F16 model to Q4_K_M\",\"digest\":\"0000000000000000000\",\"total\":4000,"
                                + "\"completed\":4000}",
                        "{\"status\":\"success\"}");

        assertThat(create("t", "Modelfile").errors())
                .containsSubsequence("quantizing F16 model to Q4_K_M 100%\n", "success");
    }

    @Test
    void a_Modelfile_may_come_from_standard_input() {
        var ended =
                new Cli(server.port()).reading("FROM gemma3:270m\nSYSTEM x\n").run("create", "t-stdin", "-f", "-");

        assertThat(ended.exitCode()).isZero();
        assertThat(server.last("POST /api/create").json().text("from")).isEqualTo("gemma3:270m");
    }

    @Test
    void a_folder_of_safetensors_is_sent_with_what_describes_it() throws IOException {
        Files.createDirectories(folder.resolve("m/1_Pooling"));
        for (var name :
                List.of("model.safetensors", "config.json", "1_Pooling/config.json", "tokenizer.model", "notes.txt")) {
            server.on("POST /api/blobs/" + write("m/" + name, name), 201, "");
        }
        write("Modelfile", "FROM ./m\n");

        assertThat(create("t", "Modelfile").errors()).doesNotContain("Error");
        assertThat(server.last("POST /api/create").json().at("files").keys())
                .containsExactly("model.safetensors", "config.json", "1_Pooling/config.json", "tokenizer.model");
    }

    @Test
    void a_link_out_of_the_folder_is_not_followed() throws IOException {
        Files.createDirectories(folder.resolve("m"));
        write("secret.gguf", "GGUF");
        Files.createSymbolicLink(folder.resolve("m/model.gguf"), folder.resolve("secret.gguf"));
        write("Modelfile", "FROM ./m\n");

        assertThat(create("t", "Modelfile").errors())
                .isEqualTo("gathering model components\nError: insecure path: ../secret.gguf\n");
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "65-create-nofrom    | SYSTEM x",
                "66-create-badcmd    | FROM x#FROBNICATE y",
                "68-create-badparamtype | FROM x#PARAMETER temperature hot",
                "70-create-badrole   | FROM x#MESSAGE robot hi",
                "72-create-empty     | #",
                "73-create-unterm    | FROM x#SYSTEM \"\"\"never closed",
            })
    void a_wrong_Modelfile_is_refused_as_recorded(String recording, String modelfile) throws IOException {
        write("Modelfile", modelfile.replace('#', '\n'));

        assertThat(create("t", "Modelfile").asRecording()).isEqualTo(Recording.of(recording));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void a_Modelfile_that_is_not_there_is_refused_as_recorded() {
        assertThat(create("t-x", "nosuch").asRecording()).isEqualTo(Recording.of("74-create-nofile"));
    }

    @Test
    void what_the_server_refuses_is_told_as_recorded() throws IOException {
        write("Modelfile", "FROM ./nosuch.gguf\n");
        server.on("POST /api/create", 400, "{\"error\":\"invalid model name\"}");
        assertThat(create("t-nofile", "Modelfile").asRecording()).isEqualTo(Recording.of("69-create-nofile"));

        var digest = write("weights.gguf", "GGUF");
        write("Modelfile", "FROM ./weights.gguf\n");
        server.on("POST /api/blobs/" + digest, 201, "")
                .streams(
                        "POST /api/create",
                        "{\"status\":\"parsing GGUF\"}",
                        "{\"error\":\"quantization is only supported for F16, BF16 and F32 models\"}");
        var recorded = Recording.of("76-create-quantize");
        assertThat(create("t-q", "Modelfile").asRecording())
                .isEqualTo(new Recording(1, "", recorded.errors().replace("sha256:" + RECORDED_DIGEST, digest.text())));
    }

    @Test
    void an_upload_that_is_refused_ends_the_command() throws IOException {
        var digest = write("weights.gguf", "GGUF");
        server.on("POST /api/blobs/" + digest, 500, "{\"error\":\"no space left on device\"}");
        write("Modelfile", "FROM weights.gguf\n");

        assertThat(create("t", "Modelfile").errors()).endsWith("Error: no space left on device\n");
    }

    @Test
    void an_importance_matrix_is_sent_as_a_blob_and_named_with_the_rules() throws IOException {
        var digest = write("imatrix.gguf", "sums and counts");
        server.on("POST /api/blobs/" + digest, 201, "");
        write("Modelfile", "FROM llama3.2\n");

        var ended = new Cli(server.port())
                .run(
                        "create",
                        "smaller",
                        "-f",
                        folder.resolve("Modelfile").toString(),
                        "-q",
                        "iq2_xs",
                        "--imatrix",
                        folder.resolve("imatrix.gguf").toString(),
                        "--tensor-type",
                        "attn_v=q8_0",
                        "--tensor-type",
                        "ffn=q4_k",
                        "--output-tensor-type",
                        "q6_k",
                        "--token-embedding-type",
                        "q5_k",
                        "--pure");

        assertThat(ended.exitCode()).isZero();
        assertThat(server.last("POST /api/create").body())
                .contains("\"quantize\":\"iq2_xs\"")
                .contains("\"imatrix\":\"" + digest + "\"")
                .contains("\"tensor_types\":[\"attn_v=q8_0\",\"ffn=q4_k\"]")
                .contains("\"output_tensor_type\":\"q6_k\"", "\"token_embedding_type\":\"q5_k\"", "\"pure\":true");
    }

    @Test
    void rules_for_tensors_need_a_type_for_the_others() throws IOException {
        write("Modelfile", "FROM llama3.2\n");

        var ended = new Cli(server.port())
                .run("create", "x", "-f", folder.resolve("Modelfile").toString(), "--pure");

        assertThat(ended.errors()).contains("need --quantize: the type of the other weights");
        assertThat(ended.exitCode()).isEqualTo(1);
    }

    private Cli.Ended create(String model, String file) {
        return new Cli(server.port())
                .run("create", model, "-f", folder.resolve(file).toString());
    }

    private Cli.Ended createLinked() {
        return new Cli(server.port())
                .run("create", "m", "--link", "-f", folder.resolve("Modelfile").toString());
    }

    private Digest write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        return Digest.of(text.getBytes(UTF_8));
    }
}
