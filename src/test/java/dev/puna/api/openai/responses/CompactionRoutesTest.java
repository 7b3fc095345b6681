// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.api.ollama.ScriptedRoutes;
import dev.puna.engine.FinishReason;
import dev.puna.support.RawExchange;
import dev.puna.support.Script;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Tag("quarkus")
class CompactionRoutesTest extends ScriptedRoutes {

    /** A conversation with a call that has no result yet. */
    private static final String INPUT = "{'type':'message','id':'m1','role':'user','content':'Fix it.'},"
            + "{'type':'message','id':'m2','role':'assistant','content':'I look.'},"
            + "{'type':'function_call','id':'f1','call_id':'c1','name':'read','arguments':'{}'},"
            + "{'type':'function_call_output','call_id':'c1','output':'text'},"
            + "{'type':'function_call','id':'f2','call_id':'c2','name':'write','arguments':'{}'}";

    @Override
    protected void prepare(TinyModels models) {
        loader.answers(summarising("{\"summary\":\"S\",\"retain_item_ids\":[\"m1\"]}"));
        models.generative("plain", "another template of a plain model");
        models.generative("tooler", "{{ tools }}");
    }

    @Test
    void one_item_stands_for_an_input_and_keeps_what_is_open() throws IOException {
        var answer = answer(200, "/v1/responses/compact", "{'model':'tooler','input':[" + INPUT + "]}");

        assertThat(answer.path("object").asText()).isEqualTo("response.compaction");
        assertThat(answer.path("id").asText()).startsWith("resp_compact_");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(12);
        assertThat(answer.path("output")).hasSize(1);
        var item = answer.path("output").path(0);
        assertThat(item.path("type").asText()).isEqualTo("compaction");
        var content = JSON.readTree(item.path("encrypted_content").asText());
        assertThat(content.path("type").asText()).isEqualTo("ollama_compaction");
        assertThat(content.path("version").asInt()).isEqualTo(1);
        assertThat(content.path("summary").asText()).isEqualTo("S");
        assertThat(content.path("retained"))
                .extracting(kept -> kept.path("id").asText())
                .containsExactly("m1", "f2");
        assertThat(conversation().tools()).extracting("name").containsExactly("create_summary");
        assertThat(conversation().messages().getLast().content())
                .contains("m2 (message): {")
                .contains("item_3 (function_call_output): {");
    }

    @Test
    void a_group_of_calls_stays_with_its_results() throws IOException {
        loader.answers(summarising("{\"summary\":\"S\",\"retain_item_ids\":[\"item_3\"]}"));

        var answer = answer(200, "/v1/responses/compact", "{'model':'tooler','input':[" + INPUT + "]}");

        var content = JSON.readTree(answer.at("/output/0/encrypted_content").asText());
        assertThat(content.path("retained"))
                .extracting(kept -> kept.path("call_id").asText())
                .containsExactly("c1", "c1", "c2");
    }

    @Test
    void an_item_that_comes_back_is_a_call_with_its_result_and_what_stays() throws IOException {
        var item = answer(200, "/v1/responses/compact", "{'model':'tooler','input':[" + INPUT + "]}")
                .at("/output/0");
        var result = "{'type':'function_call_output','call_id':'c2','output':'done'}".replace('\'', '"');

        var body = "{\"model\":\"tooler\",\"input\":[" + item + "," + result + "]}";
        try (var exchange = RawExchange.send(server, body, "POST /v1/responses HTTP/1.1")) {
            assertThat(exchange.body()).contains("\"completed\"");
        }

        var turns = conversation().messages();
        assertThat(turns).extracting("role").containsExactly("assistant", "tool", "user", "assistant", "tool");
        assertThat(turns.getFirst().toolCalls().getFirst().name()).isEqualTo("ollama_compaction_summary");
        assertThat(turns.get(1).content()).isEqualTo("S");
        assertThat(turns.get(1).toolCallId()).matches("call_ollama_compaction_[0-9a-f]{12}");
        assertThat(turns.getLast().toolName()).isEqualTo("write");
    }

    @Test
    void a_trigger_at_the_end_of_an_input_asks_for_the_same_in_events() throws IOException {
        var body = "{'model':'tooler','stream':true,'input':[" + INPUT + ",{'type':'compaction_trigger'}]}";
        try (var exchange = post("/v1/responses", body)) {
            var text = exchange.body();
            assertThat(text.lines().filter(line -> line.startsWith("event: ")))
                    .containsExactly(
                            "event: response.created",
                            "event: response.in_progress",
                            "event: response.output_item.added",
                            "event: response.output_item.done",
                            "event: response.completed");
            assertThat(text).contains(json("'sequence_number':4")).contains("ollama_compaction");
        }
    }

    @Test
    void a_model_that_does_not_call_is_asked_once_more_and_then_must() throws IOException {
        loader.answers(Script.answering("No."));

        var answer = answer(500, "/v1/responses/compact", "{'model':'tooler','input':[" + INPUT + "]}");

        assertThat(answer.at("/error/code").asText()).isEqualTo("compaction_failed");
        assertThat(answer.at("/error/type").asText()).isEqualTo("api_error");
        assertThat(loader.engine().requests()).hasSize(2);
        assertThat(conversation().messages()).extracting("content").contains("No.");
        assertThat(conversation().calling().required()).isTrue();
    }

    @Test
    void the_question_belongs_to_the_turn_that_the_user_has_last() throws IOException {
        loader.answers(summarising("{\"summary\":\"S\",\"retain_item_ids\":[]}"));

        answer(200, "/v1/responses/compact", "{'model':'tooler','input':'Fix it.','instructions':'Be brief.'}");

        assertThat(conversation().messages()).extracting("role").containsExactly("system", "user");
        assertThat(conversation().messages().getLast().content()).startsWith("Fix it.\n\nThe conversation until here");
    }

    @Test
    void ids_that_there_are_not_are_not_accepted() throws IOException {
        loader.answers(summarising("{\"summary\":\"S\",\"retain_item_ids\":[\"zig\"]}"));

        answer(500, "/v1/responses/compact", "{'model':'tooler','input':[" + INPUT + "]}");
    }

    @Test
    void what_cannot_be_compacted_is_refused() throws IOException {
        var trigger = "{'type':'compaction_trigger'}";
        refused("/v1/responses", "'input':[" + INPUT + "," + trigger + "]", "requires stream");
        refused("/v1/responses", "'stream':true,'input':[" + trigger + "," + INPUT + "]", "must be the last");
        refused("/v1/responses", "'stream':true,'input':[" + INPUT + "," + trigger + "," + trigger + "]", "last");
        refused("/v1/responses/compact", "'input':[" + INPUT + "," + trigger + "]", "is for /v1/responses");
        var item = "{'type':'compaction','encrypted_content':'gAAAA'}";
        assertThat(answer(400, "/v1/responses", "{'model':'tooler','input':[" + item + "]}")
                        .at("/error/message")
                        .asText())
                .startsWith("input[0]: encrypted_content is none that this server has made");
        answer(404, "/v1/responses/compact", "{'model':'nosuch','input':[" + INPUT + "]}");
        answer(400, "/v1/responses/compact", "{'model':'plain','input':[" + INPUT + "]}");
    }

    private void refused(String path, String fields, String sentence) throws IOException {
        var error = answer(400, path, "{'model':'tooler'," + fields + "}").path("error");
        assertThat(error.path("message").asText()).contains(sentence);
        assertThat(error.path("code").asText()).isEqualTo("invalid_request_error");
    }

    private static Script summarising(String arguments) {
        return Script.of(Script.call("create_summary", arguments), Script.finished(FinishReason.STOP, 9));
    }

    private JsonNode answer(int status, String path, String body) throws IOException {
        try (var exchange = post(path, body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(status);
            return JSON.readTree(text);
        }
    }
}
