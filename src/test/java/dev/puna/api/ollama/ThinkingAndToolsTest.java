// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.gguf.Gguf;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.ModelStore;
import dev.puna.support.NativeEngineProfile;
import dev.puna.support.ParrotGguf;
import dev.puna.support.TestModels;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over HTTP, with real models that say what the test made them to say. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ThinkingAndToolsTest {
    private static final String TOOLS = """
            "tools":[{"type":"function","function":{"name":"get_weather","description":"What it is like",
              "parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},
             {"type":"function","function":{"name":"get_time","description":"What time it is",
              "parameters":{"type":"object","properties":{}}}}]""";

    private static final String THOUGHT = "<think>\nThe user wants <b>weather</b>, é.\n</think>\n\n";
    private static final String PARIS =
            "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>";
    private static final String TIME = "\n<tool_call>\n{\"name\": \"get_time\", \"arguments\": {}}\n</tool_call>";

    @TestHTTPResource("/")
    URI server;

    @Inject
    ModelStore store;

    @Inject
    Scheduling scheduling;

    /** The server is shared with tests that want it empty. */
    @AfterEach
    void leave_nothing() {
        SharedServer.empty(store, scheduling);
    }

    @BeforeAll
    static void only_with_libraries() {
        TestModels.nativeLibraries();
    }

    @Test
    void a_streamed_chat_gives_the_thought_then_the_content_then_each_call() throws Exception {
        parrot("parrot", THOUGHT + "Let me see.\n" + PARIS + TIME);

        var lines = stream("/api/chat", chat("parrot", TOOLS));

        assertThat(joined(lines, "/message/thinking").strip()).isEqualTo("The user wants <b>weather</b>, é.");
        assertThat(joined(lines, "/message/content").strip()).isEqualTo("Let me see.");
        var calls = lines.stream()
                .filter(line -> line.at("/message").has("tool_calls"))
                .toList();
        assertThat(calls).hasSize(2).allSatisfy(line -> {
            assertThat(line.at("/message/content").asText("none")).isEmpty();
            assertThat(line.at("/done").asBoolean()).isFalse();
            assertThat(line.at("/message/tool_calls/0/id").asText()).matches("call_[a-z0-9]{8}");
        });
        assertThat(calls.getFirst().at("/message/tool_calls/0/function"))
                .hasToString("{\"index\":0,\"name\":\"get_weather\",\"arguments\":{\"city\":\"Paris\"}}");
        assertThat(calls.getLast().at("/message/tool_calls/0/function"))
                .hasToString("{\"index\":1,\"name\":\"get_time\",\"arguments\":{}}");
        assertThat(lines.getLast().at("/done_reason").asText()).isEqualTo("stop");
        assertThat(lines.getLast().at("/message").has("tool_calls")).isFalse();
    }

    @Test
    void a_chat_in_one_object_has_all_of_it() throws Exception {
        parrot("parrot", THOUGHT + "Let me see.\n" + PARIS + TIME);

        var answer = object("/api/chat", chat("parrot", TOOLS + ",\"stream\":false"));

        assertThat(answer.at("/message/thinking").asText().strip()).isEqualTo("The user wants <b>weather</b>, é.");
        assertThat(answer.at("/message/content").asText().strip()).isEqualTo("Let me see.");
        assertThat(answer.at("/message/tool_calls")).hasSize(2);
        assertThat(answer.at("/message/tool_calls/1/function/name").asText()).isEqualTo("get_time");
    }

    @Test
    void a_call_in_a_thought_that_is_not_closed_is_a_call_and_nothing_of_it_is_thinking() throws Exception {
        parrot("hasty", "<think>\nI look it up. " + PARIS);

        var lines = stream("/api/chat", chat("hasty", TOOLS));
        var answer = object("/api/chat", chat("hasty", TOOLS + ",\"stream\":false"));

        assertThat(joined(lines, "/message/thinking").strip()).isEqualTo("I look it up.");
        assertThat(joined(lines, "/message/content")).isEmpty();
        assertThat(lines.stream().filter(line -> line.at("/message").has("tool_calls")))
                .hasSize(1);
        assertThat(answer.at("/message/thinking").asText().strip()).isEqualTo("I look it up.");
        assertThat(answer.at("/message/tool_calls/0/function"))
                .hasToString("{\"index\":0,\"name\":\"get_weather\",\"arguments\":{\"city\":\"Paris\"}}");
        assertThat(answer.at("/done_reason").asText()).isEqualTo("stop");
    }

    @Test
    void the_grammar_lets_no_unknown_tool_be_called() throws Exception {
        parrot("liar", "<tool_call>\n{\"name\": \"make_trouble\", \"arguments\": {}}\n</tool_call>");
        var onlyTime = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_time\","
                + "\"parameters\":{\"type\":\"object\",\"properties\":{}}}}],\"stream\":false";

        var answer = object("/api/chat", chat("liar", onlyTime));

        assertThat(answer.at("/message/tool_calls/0/function"))
                .hasToString("{\"index\":0,\"name\":\"get_time\",\"arguments\":{}}");
        assertThat(answer.at("/message/content").asText()).isBlank();
    }

    @Test
    void without_tools_in_the_request_there_are_no_calls() throws Exception {
        parrot("parrot", THOUGHT + "Let me see.\n" + PARIS + TIME);

        var answer = object("/api/chat", chat("parrot", "\"stream\":false"));

        assertThat(answer.at("/message").has("tool_calls")).isFalse();
        assertThat(answer.at("/message/thinking").asText().strip()).isEqualTo("The user wants <b>weather</b>, é.");
        assertThat(answer.at("/message/content").asText()).contains("Let me see.", "get_weather");
    }

    @Test
    void a_prompt_is_answered_with_its_thought_apart_and_the_tags_in_its_context() throws Exception {
        parrot("thinker", THOUGHT + "It is sunny.");

        var lines =
                stream("/api/generate", "{\"model\":\"thinker\",\"prompt\":\"Hi\",\"options\":{\"temperature\":0}}");

        assertThat(joined(lines, "/thinking").strip()).isEqualTo("The user wants <b>weather</b>, é.");
        assertThat(joined(lines, "/response")).isEqualTo("It is sunny.");
        assertThat(lines.getLast().at("/context").size()).isGreaterThan(lines.size());
    }

    @Test
    void a_raw_prompt_is_answered_with_the_tags_in_the_text() throws Exception {
        parrot("thinker", THOUGHT + "It is sunny.");

        var answer = object(
                "/api/generate",
                "{\"model\":\"thinker\",\"prompt\":\"Hi\",\"raw\":true,\"stream\":false,\"options\":{\"temperature\":0}}");

        assertThat(answer.at("/response").asText()).isEqualTo(THOUGHT + "It is sunny.");
        assertThat(answer.has("thinking")).isFalse();
    }

    @Test
    void the_request_says_whether_the_prompt_asks_for_a_thought() throws Exception {
        parrot("thinker", "It is sunny.");

        assertThat(rendered("\"think\":false")).endsWith("<|im_start|>assistant\n<think>\n\n</think>\n\n");
        assertThat(rendered("\"think\":\"high\"")).endsWith("<|im_start|>assistant\n");
        assertThat(rendered("\"think\":true")).endsWith("<|im_start|>assistant\n");
        assertThat(object("/api/chat", chat("thinker", "\"think\":false,\"stream\":false"))
                        .at("/message/content")
                        .asText())
                .isEqualTo("It is sunny.");
    }

    @Test
    void calls_results_and_old_thoughts_go_back_into_the_prompt() throws Exception {
        parrot("parrot", "It is sunny.");

        var prompt = object("/api/chat", """
                {"model":"parrot","messages":[{"role":"user","content":"How is Paris?"},
                 {"role":"assistant","content":"","thinking":"hm","tool_calls":[
                   {"id":"call_1","function":{"index":0,"name":"get_weather","arguments":{"city":"Paris"}}}]},
                 {"role":"tool","tool_name":"get_weather","tool_call_id":"call_1","content":"22 degrees"}],
                 %s,"_debug_render_only":true}""".formatted(TOOLS))
                .at("/_debug_info/rendered_template")
                .asText();

        assertThat(prompt)
                .contains("{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"description\":")
                .contains("<think>\nhm\n</think>\n\n\n<tool_call>\n"
                        + "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call><|im_end|>")
                .contains("<tool_response>\n22 degrees\n</tool_response>")
                .endsWith("<|im_start|>assistant\n");
    }

    @Test
    void a_format_binds_only_what_follows_the_thought() throws Exception {
        parrot("thinker", THOUGHT + "{\"sky\": \"green\"}");
        var format = "\"format\":{\"type\":\"object\",\"properties\":{\"sky\":{\"enum\":[\"blue\"]}},"
                + "\"required\":[\"sky\"],\"additionalProperties\":false},\"stream\":false";

        var answer = object("/api/chat", chat("thinker", format));

        assertThat(answer.at("/done_reason").asText()).as("%s", answer).isEqualTo("stop");
        assertThat(answer.at("/message/thinking").asText().strip()).isEqualTo("The user wants <b>weather</b>, é.");
        assertThat(JsonClient.json(answer.at("/message/content").asText())).hasToString("{\"sky\":\"blue\"}");
    }

    @Test
    void a_range_of_numbers_holds_behind_a_thought_too() throws Exception {
        parrot("thinker", THOUGHT + "{\"n\": 9}");
        var format = "\"format\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\",\"minimum\":0,"
                + "\"maximum\":5}},\"required\":[\"n\"],\"additionalProperties\":false},\"stream\":false";

        var answer = object("/api/chat", chat("thinker", format));

        assertThat(answer.at("/message/thinking").asText()).isNotEmpty();
        assertThat(JsonClient.json(answer.at("/message/content").asText())
                        .path("n")
                        .asDouble(-1))
                .as("%s", answer)
                .isBetween(0.0, 5.0);
    }

    @Test
    void an_answer_cut_off_in_a_call_has_no_call_and_ends_for_its_length() throws Exception {
        parrot("parrot", THOUGHT + PARIS);

        for (var tokens = 1; tokens < 40; tokens += 3) {
            var answer = object("/api/chat", chat("parrot", TOOLS + ",\"stream\":false", "\"num_predict\":" + tokens));

            assertThat(answer.at("/done").asBoolean()).as("%s", answer).isTrue();
            assertThat("The user wants <b>weather</b>, é.")
                    .startsWith(answer.at("/message/thinking").asText().strip());
        }
    }

    @Test
    void log_probabilities_of_all_tokens_come_with_what_they_became() throws Exception {
        parrot("parrot", THOUGHT + "See.\n" + PARIS);

        var lines = stream("/api/chat", chat("parrot", TOOLS + ",\"logprobs\":true"));

        var text = new StringBuilder();
        lines.forEach(line -> line.path("logprobs")
                .forEach(token -> text.append(token.path("token").asText())));
        assertThat(text).hasToString(THOUGHT + "See.\n" + PARIS);
    }

    private String rendered(String more) throws Exception {
        return object("/api/chat", chat("thinker", more + ",\"_debug_render_only\":true"))
                .at("/_debug_info/rendered_template")
                .asText();
    }

    private static String chat(String model, String more) {
        return chat(model, more, "\"num_predict\":400");
    }

    private static String chat(String model, String more, String options) {
        return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"options\":{\"temperature\":0,%s},%s}"
                .formatted(model, options, more);
    }

    private static String joined(List<JsonNode> lines, String path) {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line.at(path).asText("")));
        return text.toString();
    }

    private List<JsonNode> stream(String path, String body) throws IOException, InterruptedException {
        return new JsonClient(server).lines(path, body);
    }

    private JsonNode object(String path, String body) throws IOException, InterruptedException {
        return new JsonClient(server).object(path, body);
    }

    private void parrot(String name, String text) throws IOException {
        var file = ParrotGguf.saying(template(), text);
        var digest = Digest.of(file);
        try (var upload = store.beginUpload(digest)) {
            upload.write(file);
            upload.commit();
        }
        try (var draft = store.draft()) {
            draft.addFile(digest, Gguf.read(store.path(digest)).facts());
            draft.save(ModelName.parse(name));
        }
    }

    private static String template() throws IOException {
        try (var in = ThinkingAndToolsTest.class.getResourceAsStream("/templates/thinking-tools.jinja")) {
            return new String(requireNonNull(in).readAllBytes(), UTF_8);
        }
    }
}
