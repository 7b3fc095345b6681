// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.model.Digest;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.ModelStore;
import dev.puna.support.NativeEngineProfile;
import dev.puna.support.TestImages;
import dev.puna.support.TestModels;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyProjector;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over HTTP, with a model that sees, however little. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ImagesRoutesTest {
    private static final String GREEDY = "\"options\":{\"temperature\":0,\"num_predict\":12,\"num_ctx\":2048}";
    private static final byte[] RED = TestImages.png(1);
    private static final byte[] BLUE = TestImages.png(2);

    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @Inject
    Scheduling scheduling;

    @BeforeAll
    static void only_with_libraries() {
        TestModels.nativeLibraries();
    }

    @BeforeEach
    void a_model_that_sees() throws Exception {
        var model = upload(TinyGguf.llama(1).toArray());
        var eyes = upload(TinyProjector.gemma(7).toArray());
        create("eyes", "\"files\":{\"model.gguf\":\"%s\",\"mmproj.gguf\":\"%s\"}".formatted(model, eyes));
    }

    /** The server is shared with tests that want it empty. */
    @AfterEach
    void leave_nothing() {
        SharedServer.empty(store, scheduling);
    }

    @Test
    void a_model_with_a_projector_shows_that_it_sees() throws Exception {
        var shown = ok("/api/show", "{\"model\":\"eyes\"}");

        assertThat(shown.at("/capabilities")).extracting(JsonNode::asText).contains("completion", "vision");
        assertThat(shown.at("/projector_info/clip.projector_type").asText()).isEqualTo("gemma3");
    }

    @Test
    void a_generation_depends_on_its_image_streamed_or_not() throws Exception {
        var red = ok("/api/generate", generate("what is this?", ",\"stream\":false,\"logprobs\":true", RED));
        var again = ok("/api/generate", generate("what is this?", ",\"stream\":false,\"logprobs\":true", RED));
        var blue = ok("/api/generate", generate("what is this?", ",\"stream\":false,\"logprobs\":true", BLUE));
        var streamed = post("/api/generate", generate("what is this?", "", RED))
                .body()
                .lines()
                .map(JsonClient::json)
                .map(line -> line.path("response").asText())
                .collect(Collectors.joining());

        assertThat(again.path("response")).isEqualTo(red.path("response"));
        assertThat(streamed).isEqualTo(red.path("response").asText());
        assertThat(blue.at("/logprobs/0/logprob").asDouble())
                .isNotEqualTo(red.at("/logprobs/0/logprob").asDouble());
        assertThat(red.path("prompt_eval_count").asInt()).isGreaterThan(TinyProjector.TOKENS);
    }

    @Test
    void a_chat_sees_the_images_of_all_its_turns() throws Exception {
        var body = """
                {"model":"eyes","stream":false,%s,"logprobs":true,"messages":[
                 {"role":"user","content":"this?","images":["%s"]},{"role":"assistant","content":"x"},
                 {"role":"user","content":"and this?","images":["%s","%s"]}]}""";

        var one = ok("/api/chat", body.formatted(GREEDY, base64(RED), base64(BLUE), base64(RED)));
        var other = ok("/api/chat", body.formatted(GREEDY, base64(RED), base64(RED), base64(BLUE)));

        assertThat(one.path("prompt_eval_count").asInt()).isGreaterThan(3 * TinyProjector.TOKENS);
        assertThat(one.at("/logprobs/0/logprob").asDouble())
                .isNotEqualTo(other.at("/logprobs/0/logprob").asDouble());
        var lines = post(
                        "/api/chat",
                        body.formatted(GREEDY, base64(RED), base64(BLUE), base64(RED))
                                .replace("\"stream\":false", "\"stream\":true"))
                .body()
                .lines()
                .toList();
        assertThat(JsonClient.json(lines.getLast()).path("done_reason").asText())
                .isNotEmpty();
    }

    @Test
    void the_other_dialects_see_the_same_picture() throws Exception {
        var url = "data:image/png;base64," + base64(RED);
        var options = "\"model\":\"eyes\",\"temperature\":0,\"options\":{\"num_ctx\":2048}";
        var chat = ok("/v1/chat/completions", """
                {%s,"max_tokens":12,"messages":[{"role":"user","content":[{"type":"text","text":"this?"},
                 {"type":"image_url","image_url":{"url":"%s"}}]}]}""".formatted(options, url));
        var response = ok("/v1/responses", """
                {%s,"max_output_tokens":12,"input":[{"role":"user","content":[{"type":"input_text","text":"this?"},
                 {"type":"input_image","image_url":"%s"}]}]}""".formatted(options, url));
        var message = ok("/v1/messages", """
                {%s,"max_tokens":12,"messages":[{"role":"user","content":[{"type":"text","text":"this?"},
                 {"type":"image","source":{"type":"base64","media_type":"image/png","data":"%s"}}]}]}""".formatted(options, base64(RED)));

        var expected = ok("/api/chat", """
                {"model":"eyes","stream":false,%s,"messages":[{"role":"user","content":"this?\\n\\n[img]","images":["%s"]}]}""".formatted(GREEDY, base64(RED)));

        var tokens = chat.at("/usage/prompt_tokens").asInt();
        var text = chat.at("/choices/0/message/content").asText();
        assertThat(tokens).isGreaterThan(TinyProjector.TOKENS);
        assertThat(expected.path("prompt_eval_count").asInt()).isEqualTo(tokens);
        assertThat(expected.at("/message/content").asText()).isEqualTo(text);
        assertThat(response.at("/usage/input_tokens").asInt()).isEqualTo(tokens);
        assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo(text);
        assertThat(message.at("/usage/input_tokens").asInt()
                        + message.at("/usage/cache_read_input_tokens").asInt())
                .isEqualTo(tokens);
        assertThat(message.at("/content/0/text").asText()).isEqualTo(text);
    }

    @Test
    void images_are_named_in_the_rendered_text_and_counted() throws Exception {
        var chat = "{\"model\":\"eyes\",\"_debug_render_only\":true,\"messages\":["
                + "{\"role\":\"user\",\"content\":\"first [img] then\",\"images\":[\"%s\",\"%s\"]}]}";

        var jinja = ok("/api/chat", chat.formatted(base64(RED), base64(BLUE)));
        var template = ok(
                "/api/generate",
                generate("hello", ",\"_debug_render_only\":true,\"template\":\"<{{ .Prompt }}>\"", RED));

        assertThat(jinja.at("/_debug_info/rendered_template").asText()).contains("[img-1]first [img-0] then");
        assertThat(jinja.at("/_debug_info/image_count").asInt()).isEqualTo(2);
        assertThat(template.at("/_debug_info/rendered_template").asText()).isEqualTo("<[img-0]hello>");
    }

    @Test
    void images_in_raw_prompts_are_seen_too() throws Exception {
        var raw = ok("/api/generate", generate("look: [img-0] what?", ",\"raw\":true,\"stream\":false", RED));

        assertThat(raw.path("prompt_eval_count").asInt()).isGreaterThan(TinyProjector.TOKENS);
    }

    @Test
    void images_in_webp_are_seen_too() throws Exception {
        TestModels.nativeLibrariesWithWebp();

        var webp = ok("/api/generate", generate("what?", ",\"stream\":false", TestImages.webp("lossy")));

        assertThat(webp.path("done").asBoolean()).isTrue();
    }

    @Test
    void a_model_that_only_reads_refuses_images_before_it_is_loaded() throws Exception {
        create(
                "blind",
                "\"files\":{\"model.gguf\":\"%s\"}"
                        .formatted(upload(TinyGguf.llama(1).toArray())));

        var refused = post("/api/generate", generate("what?", "", RED).replace("\"eyes\"", "\"blind\""));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).isEqualTo("{\"error\":\"\\\"blind\\\" does not support images\"}");
        assertThat(scheduling.running()).isEmpty();
    }

    @Test
    void what_is_no_image_is_refused_and_the_server_goes_on() throws Exception {
        refused("what?", "image 1 cannot be read: it is no picture", "text".getBytes(StandardCharsets.UTF_8));
        refused("what?", "image 2 cannot be read: it is no picture", RED, new byte[] {0});
        refused("what?", "image 1 cannot be read: the picture is damaged", Arrays.copyOf(RED, RED.length / 2));
        refused("what?", "image 1 cannot be read: the picture is too large", TestImages.hugePng());
        refused("what?", "the prompt is longer than the context length", many(200));

        var broken = post("/api/generate", "{\"model\":\"eyes\",\"prompt\":\"what?\",\"images\":[\"not base64!\"]}");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body()).contains("illegal base64 data at input byte 3");
        assertThat(ok("/api/generate", generate("what?", ",\"stream\":false", RED))
                        .path("done")
                        .asBoolean())
                .isTrue();
    }

    private void refused(String prompt, String reason, byte[]... files) throws Exception {
        var answer = post("/api/generate", generate(prompt, "", files));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(JsonClient.json(answer.body()).path("error").asText()).startsWith(reason);
    }

    private static byte[][] many(int count) {
        var files = new byte[count][];
        Arrays.fill(files, RED);
        return files;
    }

    private static String generate(String prompt, String more, byte[]... files) {
        var images = Arrays.stream(files)
                .map(image -> "\"" + base64(image) + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        return "{\"model\":\"eyes\",\"prompt\":\"%s\",%s,\"images\":%s%s}".formatted(prompt, GREEDY, images, more);
    }

    private static String base64(byte[] image) {
        return Base64.getEncoder().encodeToString(image);
    }

    private Digest upload(byte[] file) throws Exception {
        var digest = Digest.of(file);
        var answer = client().post("/api/blobs/" + digest, BodyPublishers.ofByteArray(file));
        assertThat(answer.statusCode()).isIn(200, 201);
        return digest;
    }

    private void create(String name, String what) throws Exception {
        assertThat(post("/api/create", "{\"model\":\"" + name + "\"," + what + ",\"stream\":false}")
                        .body())
                .isEqualTo("{\"status\":\"success\"}");
    }

    private JsonNode ok(String path, String body) throws Exception {
        return client().object(path, body);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client().post(path, body);
    }

    private JsonClient client() {
        return new JsonClient(server);
    }
}
