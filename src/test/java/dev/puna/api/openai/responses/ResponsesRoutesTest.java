// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.api.ollama.ScriptedRoutes;
import dev.puna.engine.FinishReason;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.NativeFailure;
import dev.puna.support.RawExchange;
import dev.puna.support.Script;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Tag("quarkus")
class ResponsesRoutesTest extends ScriptedRoutes {
    private static final String TOOLS = "'tools':[{'type':'function','name':'get_weather','strict':true,"
            + "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}},"
            + "{'type':'namespace','name':'files','description':'Files.','tools':["
            + "{'type':'function','name':'read','parameters':{'type':'object','properties':{}}},"
            + "{'type':'custom','name':'patch','description':'Patches.',"
            + "'format':{'type':'grammar','syntax':'lark','definition':'start: /.+/'}}]},"
            + "{'type':'web_search','external_web_access':false}]";

    @Override
    protected void prepare(TinyModels models) {
        models.generative("plain", "another template of a plain model");
        models.generative("tooler", "{{ tools }}");
        models.generative("thinker", "{{ '<think>' }}{{ '</think>' }}");
    }

    @Test
    void an_answer_is_one_object() throws IOException {
        var answer = whole("{'model':'plain','input':'Hi','instructions':'Be brief.'}");

        assertThat(answer.path("object").asText()).isEqualTo("response");
        assertThat(answer.path("id").asText()).startsWith("resp_");
        assertThat(answer.path("status").asText()).isEqualTo("completed");
        assertThat(answer.path("instructions").asText()).isEqualTo("Be brief.");
        assertThat(withoutIds(answer.path("output")))
                .isEqualTo(json("[{'id':'-','type':'message','status':'completed','role':'assistant',"
                        + "'content':[{'type':'output_text','text':'Hello!','annotations':[],'logprobs':[]}]}]"));
        assertThat(answer.path("usage").toString())
                .isEqualTo(
                        json(
                                "{'input_tokens':3,'output_tokens':2,'total_tokens':5,"
                                        + "'input_tokens_details':{'cached_tokens':0},'output_tokens_details':{'reasoning_tokens':0}}"));
        assertThat(asked().options().temperature()).isEqualTo(1);
        assertThat(asked().options().topP()).isNotEqualTo(1);
        assertThat(conversation().messages()).extracting("role").containsExactly("system", "user");
    }

    @Test
    void a_stream_tells_each_item_as_it_grows() throws IOException {
        loader.answers(Script.of(
                Script.reasoning("Hm"),
                Script.reasoning("."),
                Script.text("Hello"),
                Script.text("!"),
                Script.finished(FinishReason.STOP, 4)));

        var events = stream("{'model':'thinker','stream':true,'input':'Hi'}");

        assertThat(types(events))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added 0",
                        "response.reasoning_summary_text.delta 0",
                        "response.reasoning_summary_text.delta 0",
                        "response.reasoning_summary_text.done 0",
                        "response.output_item.done 0",
                        "response.output_item.added 1",
                        "response.content_part.added 1",
                        "response.output_text.delta 1",
                        "response.output_text.delta 1",
                        "response.output_text.done 1",
                        "response.content_part.done 1",
                        "response.output_item.done 1",
                        "response.completed");
        for (var i = 0; i < events.size(); i++) {
            assertThat(events.get(i).path("sequence_number").asInt()).isEqualTo(i);
        }
        var output = events.getLast().at("/response/output");
        assertThat(output.at("/0/summary/0/text").asText()).isEqualTo("Hm.");
        assertThat(output.at("/0/encrypted_content").asText()).isEqualTo("Hm.");
        assertThat(output.at("/1/content/0/text").asText()).isEqualTo("Hello!");
        assertThat(output.at("/1/id")).isEqualTo(events.get(9).path("item_id"));
    }

    @Test
    void calls_come_with_the_names_that_the_client_knows() throws IOException {
        loader.answers(Script.of(
                Script.text("Now."),
                Script.call("get_weather", "{\"city\": \"Paris\"}"),
                Script.call("files.read", "{}"),
                Script.call("files.patch", "{\"input\": \"*** Begin\\nend\"}"),
                Script.finished(FinishReason.STOP, 9)));

        var events = stream("{'model':'tooler','stream':true,'input':'Hi'," + TOOLS + "}");

        assertThat(types(events.subList(8, events.size())))
                .containsExactly(
                        "response.output_item.added 1",
                        "response.function_call_arguments.delta 1",
                        "response.function_call_arguments.done 1",
                        "response.output_item.done 1",
                        "response.output_item.added 2",
                        "response.function_call_arguments.delta 2",
                        "response.function_call_arguments.done 2",
                        "response.output_item.done 2",
                        "response.output_item.added 3",
                        "response.custom_tool_call_input.delta 3",
                        "response.custom_tool_call_input.done 3",
                        "response.output_item.done 3",
                        "response.completed");
        var output = events.getLast().at("/response/output");
        assertThat(output.path(1).path("arguments").asText()).isEqualTo("{\"city\":\"Paris\"}");
        assertThat(output.path(1).has("namespace")).isFalse();
        assertThat(withoutIds(output.path(2)))
                .isEqualTo(json("{'id':'-','type':'function_call','status':'completed','call_id':'-',"
                        + "'namespace':'files','name':'read','arguments':'{}'}"));
        assertThat(withoutIds(output.path(3)))
                .isEqualTo(json("{'id':'-','type':'custom_tool_call','status':'completed','call_id':'-',"
                        + "'namespace':'files','name':'patch','input':'*** Begin\\nend'}"));
        assertThat(conversation().tools())
                .extracting("name")
                .containsExactly("get_weather", "files.read", "files.patch");
        assertThat(conversation().tools().getLast().json())
                .contains("start: /.+/")
                .contains(json("'required':['input']"));
    }

    @Test
    void an_answer_that_is_cut_is_incomplete() throws IOException {
        loader.answers(Script.ending(FinishReason.LENGTH, "Hel"));

        var events = stream("{'model':'plain','stream':true,'max_output_tokens':1,'input':'Hi'}");

        assertThat(events.getLast().path("type").asText()).isEqualTo("response.incomplete");
        var response = events.getLast().path("response");
        assertThat(response.path("status").asText()).isEqualTo("incomplete");
        assertThat(response.at("/incomplete_details/reason").asText()).isEqualTo("max_output_tokens");
        assertThat(response.at("/output/0/status").asText()).isEqualTo("incomplete");
    }

    @Test
    void an_error_in_the_middle_of_a_stream_ends_it_in_the_words_of_the_dialect() throws IOException {
        loader.answers(Script.failing(new NativeFailure("cannot decode"), "Hel"));

        var events = stream("{'model':'plain','stream':true,'input':'Hi'}");

        assertThat(types(events)).endsWith("response.output_text.delta 0", "error", "response.failed");
        assertThat(events.get(events.size() - 2).path("message").asText()).isEqualTo("cannot decode");
        assertThat(events.getLast().at("/response/error").toString())
                .isEqualTo(json("{'code':'server_error','message':'cannot decode'}"));
    }

    @Test
    void an_error_before_the_stream_has_its_own_status() throws IOException {
        loader.answers(Script.failing(new NativeFailure("cannot decode")));

        try (var exchange = post("{'model':'plain','stream':true,'input':'Hi'}")) {
            assertThat(exchange.body()).contains("cannot decode").startsWith("{\"error\":{\"message\":");
            assertThat(exchange.status()).isEqualTo(500);
        }
    }

    @Test
    void items_become_turns() throws IOException {
        whole("{'model':'thinker','reasoning':{'effort':'none'},'temperature':0.5,'max_output_tokens':7,'store':false,"
                + "'text':{'format':{'type':'json_schema','name':'n','strict':true,'schema':{'type':'object'}}},"
                + "'include':['reasoning.encrypted_content'],'prompt_cache_key':'k','input':["
                + "{'type':'message','role':'developer','content':[{'type':'input_text','text':'D'}]},"
                + "{'role':'developer','content':'E'},"
                + "{'role':'user','content':[{'type':'input_text','text':'a'},{'type':'input_text','text':'b'}]},"
                + "{'role':'user','content':'c'},"
                + "{'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text','text':'S'}],'encrypted_content':'R'},"
                + "{'type':'message','role':'assistant','content':[{'type':'output_text','text':'T'}]},"
                + "{'type':'function_call','call_id':'c1','name':'f','namespace':'ns','arguments':'{\\\"x\\\": 1}'},"
                + "{'type':'custom_tool_call','call_id':'c2','name':'patch','input':'p\\\"'},"
                + "{'type':'function_call_output','call_id':'c1','output':'42'},"
                + "{'type':'custom_tool_call_output','call_id':'c2','output':[{'type':'input_text','text':'d'}]},"
                + "{'type':'web_search_call','id':'ws_1','status':'completed'},"
                + "{'role':'user','content':'z'}]}");

        assertThat(asked().options().numPredict()).isEqualTo(7);
        assertThat(asked().format()).isEqualTo(new OutputFormat.Schema("{\"type\":\"object\"}"));
        var turns = conversation().messages();
        assertThat(turns).extracting("role").containsExactly("system", "user", "assistant", "tool", "tool", "user");
        assertThat(turns.get(0).content()).isEqualTo("D\n\nE");
        assertThat(turns.get(1).content()).isEqualTo("a\n\nb\n\nc");
        assertThat(turns.get(2).thinking()).isEqualTo("R");
        assertThat(turns.get(2).content()).isEqualTo("T");
        assertThat(turns.get(2).toolCalls()).extracting("name").containsExactly("ns.f", "patch");
        assertThat(turns.get(2).toolCalls().getLast().arguments()).isEqualTo("{\"input\":\"p\\\"\"}");
        assertThat(turns.get(3).toolName()).isEqualTo("ns.f");
        assertThat(turns.get(4).content()).isEqualTo("d");
    }

    @Test
    void a_result_without_an_id_belongs_to_the_last_call_that_has_none() throws IOException {
        whole("{'model':'plain','input':[{'role':'user','content':'a'},"
                + "{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},"
                + "{'type':'function_call','call_id':'c2','name':'g','arguments':'{}'},"
                + "{'type':'function_call_output','call_id':'','output':'not this way'},"
                + "{'type':'function_call_output','call_id':'c1','output':'1'}]}");

        assertThat(conversation().messages())
                .extracting("toolName", "toolCallId")
                .endsWith(tuple("g", "c2"), tuple("f", "c1"));
    }

    @Test
    void what_was_sent_is_repeated() throws IOException {
        var answer = whole("{'model':'plain','input':'Hi','metadata':{ 'a' : 'b' },'top_p':0.5,'prompt_cache_key':'k',"
                + "'tools':[ ],'text':{'verbosity':'low'},'truncation':'auto','parallel_tool_calls':false}");

        assertThat(answer.path("metadata").toString()).isEqualTo(json("{'a':'b'}"));
        assertThat(answer.path("top_p").asDouble()).isEqualTo(0.5);
        assertThat(answer.path("prompt_cache_key").asText()).isEqualTo("k");
        assertThat(answer.path("text").toString()).isEqualTo(json("{'format':{'type':'text'}}"));
        assertThat(answer.path("truncation").asText()).isEqualTo("auto");
        assertThat(answer.path("parallel_tool_calls").asBoolean()).isFalse();
    }

    @Test
    void what_clients_expect_to_be_repeated_is_null_where_it_was_not_sent() throws IOException {
        var answer = whole("{'model':'tooler','input':'Hi','reasoning':{'effort':'none'},'tools':["
                + "{'type':'function','name':'f','strict':null},{'type':'custom','name':'c'}]}");

        assertThat(answer.path("reasoning").toString()).isEqualTo(json("{'effort':'none','summary':null}"));
        assertThat(answer.path("tools").toString())
                .isEqualTo(json("[{'type':'function','name':'f','strict':null,'description':null,'parameters':null},"
                        + "{'type':'custom','name':'c'}]"));
    }

    private JsonNode whole(String body) throws IOException {
        try (var exchange = post(body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(200);
            return JSON.readTree(text);
        }
    }

    private List<JsonNode> stream(String body) throws IOException {
        try (var exchange = post(body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(200);
            assertThat(exchange.header("Content-Type")).contains("text/event-stream");
            return List.of(text.strip().split("\n\n", -1)).stream()
                    .map(ResponsesRoutesTest::event)
                    .toList();
        }
    }

    /** An event, whose name is its type. */
    private static JsonNode event(String text) {
        try {
            var data = JSON.readTree(text.substring(text.indexOf("\ndata: ") + 7));
            assertThat(text).startsWith("event: " + data.path("type").asText() + "\ndata: {");
            return data;
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    /** The type of each, and which item it is about. */
    private static List<String> types(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.path("type").asText()
                        + (event.has("output_index") ? " " + event.path("output_index") : ""))
                .toList();
    }

    private static String withoutIds(JsonNode value) {
        return value.toString()
                .replaceAll("\"id\":\"(msg|rs|fc|ctc)_\\d+\"", "\"id\":\"-\"")
                .replaceAll("\"call_id\":\"call_\\w{8}\"", "\"call_id\":\"-\"");
    }

    private RawExchange post(String body) throws IOException {
        return RawExchange.send(server, json(body), "POST /v1/responses HTTP/1.1");
    }
}
