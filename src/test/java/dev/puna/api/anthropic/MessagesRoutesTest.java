// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.api.ollama.ScriptedRoutes;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCalling;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent.Finished;
import dev.puna.engine.OutputFormat;
import dev.puna.engine.Usage;
import dev.puna.failure.NativeFailure;
import dev.puna.support.Script;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Tag("quarkus")
class MessagesRoutesTest extends ScriptedRoutes {
    private static final String HELLO = "'max_tokens':9,'messages':[{'role':'user','content':'Hi'}]";
    private static final String TOOL = "'tools':[{'name':'get_weather','description':'D','input_schema':"
            + "{'type':'object','properties':{'city':{'type':'string'}}},'cache_control':{'type':'ephemeral'}}]";

    @Override
    protected void prepare(TinyModels models) {
        models.generative("plain", "another template of a plain model");
        models.generative("tooler", "{{ tools }}");
        models.generative("thinker", "{{ '<think>' }}{{ '</think>' }}");
    }

    @Test
    void an_answer_is_one_message() throws IOException {
        var answer = whole("{'model':'plain'," + HELLO + "}");

        assertThat(answer.path("id").asText()).matches("msg_[0-9a-f]{24}");
        assertThat(answer.toString().replaceAll("msg_\\w+", "ID"))
                .isEqualTo(json("{'id':'ID','type':'message','role':'assistant','model':'plain',"
                        + "'content':[{'type':'text','text':'Hello!'}],'stop_reason':'end_turn','usage':{'input_tokens':3,"
                        + "'cache_creation_input_tokens':0,'cache_read_input_tokens':0,'output_tokens':2}}"));
        assertThat(asked().options().numPredict()).isEqualTo(9);
    }

    @Test
    void a_stream_tells_each_block_from_its_beginning_to_its_end() throws IOException {
        assertThat(stream("{'model':'plain','stream':true," + HELLO + "}"))
                .containsExactly(
                        json(
                                "message_start {'type':'message_start','message':{'id':'ID','type':'message','role':'assistant',"
                                        + "'model':'plain','content':[],'usage':{'input_tokens':1,'cache_creation_input_tokens':0,"
                                        + "'cache_read_input_tokens':0,'output_tokens':0}}}"),
                        json("content_block_start {'type':'content_block_start','index':0,"
                                + "'content_block':{'type':'text','text':''}}"),
                        json("content_block_delta {'type':'content_block_delta','index':0,"
                                + "'delta':{'type':'text_delta','text':'Hello'}}"),
                        json("content_block_delta {'type':'content_block_delta','index':0,"
                                + "'delta':{'type':'text_delta','text':'!'}}"),
                        json("content_block_stop {'type':'content_block_stop','index':0}"),
                        json(
                                "message_delta {'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':"
                                        + "{'input_tokens':3,'cache_creation_input_tokens':0,'cache_read_input_tokens':0,'output_tokens':2}}"),
                        json("message_stop {'type':'message_stop'}"));
    }

    @Test
    void reasoning_has_a_signature_and_calls_come_whole() throws IOException {
        loader.answers(Script.of(
                Script.reasoning("Hm"),
                Script.reasoning("."),
                Script.text("So:"),
                Script.call("get_weather", "{\"city\": \"Paris\"}"),
                Script.finished(FinishReason.STOP, 9)));

        var events = stream("{'model':'tooler','stream':true," + TOOL + "," + HELLO + "}");

        assertThat(events)
                .extracting(event -> event.replaceAll("\"call_\\w{8}\"", "\"CALL\""))
                .startsWith(events.getFirst())
                .contains(
                        json("content_block_start {'type':'content_block_start','index':0,"
                                + "'content_block':{'type':'thinking','thinking':'','signature':''}}"),
                        json("content_block_delta {'type':'content_block_delta','index':0,"
                                + "'delta':{'type':'thinking_delta','thinking':'Hm'}}"),
                        json("content_block_start {'type':'content_block_start','index':1,"
                                + "'content_block':{'type':'text','text':''}}"),
                        json("content_block_start {'type':'content_block_start','index':2,"
                                + "'content_block':{'type':'tool_use','id':'CALL','name':'get_weather','input':{}}}"),
                        json("content_block_delta {'type':'content_block_delta','index':2,"
                                + "'delta':{'type':'input_json_delta','partial_json':'{\\'city\\':\\'Paris\\'}'}}"),
                        json("content_block_stop {'type':'content_block_stop','index':2}"));
        assertThat(events)
                .filteredOn(event -> event.contains("signature_delta"))
                .singleElement()
                .asString()
                .matches(".*\"index\":0,.*\"signature\":\"puna-[0-9a-f]{8}\".*");
        assertThat(events.get(events.size() - 2)).contains(json("'stop_reason':'tool_use'"));
        var answer = whole("{'model':'tooler'," + TOOL + "," + HELLO + "}");
        assertThat(answer.path("content").toString().replaceAll("(call_|puna-)\\w{8}", "X"))
                .isEqualTo(json("[{'type':'thinking','thinking':'Hm.','signature':'X'},{'type':'text','text':'So:'},"
                        + "{'type':'tool_use','id':'X','name':'get_weather','input':{'city':'Paris'}}]"));
        assertThat(answer.path("stop_reason").asText()).isEqualTo("tool_use");
    }

    @Test
    void what_ended_the_answer_and_what_was_cached_is_told() throws IOException {
        var usage = new Usage(100, 96, Duration.ofMillis(1), 4, Duration.ofMillis(1), 0, 4);
        loader.answers(Script.of(Script.text("a"), new Finished(FinishReason.STOP, usage, List.of(), false, "END")));

        var asked = whole("{'model':'plain','stop_sequences':['END','X']," + HELLO + "}");
        assertThat(asked.path("stop_reason").asText()).isEqualTo("stop_sequence");
        assertThat(asked.path("stop_sequence").asText()).isEqualTo("END");
        assertThat(asked.at("/usage/input_tokens").asInt()).isEqualTo(4);
        assertThat(asked.at("/usage/cache_read_input_tokens").asInt()).isEqualTo(96);
        assertThat(asked().options().stop()).containsExactly("END", "X");
        var streamed = stream("{'model':'plain','stream':true,'stop_sequences':['END']," + HELLO + "}");
        assertThat(streamed.get(streamed.size() - 2))
                .contains(json("'delta':{'stop_reason':'stop_sequence','stop_sequence':'END'}"));
        assertThat(whole("{'model':'plain'," + HELLO + "}").path("stop_reason").asText())
                .as("a stop string of the model's own")
                .isEqualTo("end_turn");
        loader.answers(Script.ending(FinishReason.LENGTH, "a"));
        assertThat(whole("{'model':'plain'," + HELLO + "}").path("stop_reason").asText())
                .isEqualTo("max_tokens");
    }

    @Test
    void an_error_in_the_middle_of_a_stream_is_its_last_event() throws IOException {
        loader.answers(Script.failing(new NativeFailure("cannot decode"), "Hel"));

        assertThat(stream("{'model':'plain','stream':true," + HELLO + "}"))
                .hasSize(4)
                .last()
                .isEqualTo(
                        json(
                                "error {'type':'error','error':{'type':'api_error','message':'cannot decode'},'request_id':'ID'}"));
    }

    @Test
    void an_error_tells_its_kind_and_the_id_that_the_header_has() throws IOException {
        try (var exchange = post("/v1/messages", "{'model':'nosuch'," + HELLO + "}")) {
            var error = JSON.readTree(exchange.body());
            assertThat(exchange.status()).isEqualTo(404);
            assertThat(error.at("/error/type").asText()).isEqualTo("not_found_error");
            assertThat(error.path("request_id").asText())
                    .matches("req_[0-9a-f]{24}")
                    .isEqualTo(exchange.header("request-id").orElse(""));
        }
        try (var exchange = post("/v1/messages", "")) {
            assertThat(exchange.body()).contains(json("{'type':'invalid_request_error','message':'EOF'}"));
        }
        try (var exchange = post("/v1/messages?beta=true", "{'model':'plain'," + HELLO + "}")) {
            exchange.body();
            assertThat(exchange.header("request-id").orElse("")).startsWith("req_");
        }
    }

    @Test
    void what_is_asked_for_reaches_the_engine() throws IOException {
        whole("{'model':'thinker','max_tokens':7,'temperature':0.5,'top_p':0.25,'top_k':9,'options':{'num_keep':2},"
                + "'thinking':{'type':'adaptive'},'output_config':{'effort':'low','format':{'type':'json_schema','schema':"
                + "{'type':'object'}}},'metadata':{'user_id':'u'},'context_management':{'edits':[]},'service_tier':'auto',"
                + "'system':[{'type':'text','text':'S'},{'type':'text','text':'T','cache_control':{'type':'ephemeral'}}],"
                + "'tools':[{'type':'web_search_20250305','name':'web_search'}],'tool_choice':{'type':'auto'},"
                + "'messages':[{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]},"
                + "{'role':'assistant','content':[{'type':'thinking','thinking':'R','signature':'x'},"
                + "{'type':'redacted_thinking','data':'x'},{'type':'text','text':'c'},"
                + "{'type':'tool_use','id':'t1','name':'f','input':{'x': 1}},{'type':'tool_use','id':'t2','name':'g'}]},"
                + "{'role':'user','content':[{'type':'text','text':'d'},"
                + "{'type':'tool_result','tool_use_id':'t1','content':[{'type':'text','text':'4'},{'type':'text','text':'2'}]},"
                + "{'type':'tool_result','tool_use_id':'t2','is_error':true,'content':'no disk'},"
                + "{'type':'document','title':'N','source':{'type':'text','media_type':'text/plain','data':'e'}}]}]}");

        var request = asked();
        assertThat(request.options().numPredict()).isEqualTo(7);
        assertThat(request.options().temperature()).isEqualTo(0.5f);
        assertThat(request.options().topP()).isEqualTo(0.25f);
        assertThat(request.options().topK()).isEqualTo(9);
        assertThat(request.options().numKeep()).isEqualTo(2);
        assertThat(request.format()).isEqualTo(new OutputFormat.Schema("{\"type\":\"object\"}"));
        var conversation = conversation();
        assertThat(conversation.thinking()).isEqualTo(Thinking.LOW);
        assertThat(conversation.tools()).isEmpty();
        var turns = conversation.messages();
        assertThat(turns).extracting("role").containsExactly("system", "user", "assistant", "tool", "tool", "user");
        assertThat(turns)
                .extracting("content")
                .containsExactly("S\n\nT", "a\n\nb", "c", "42", "Error: no disk", "d\n\nN\n\ne");
        assertThat(turns.get(2).thinking()).isEqualTo("R");
        assertThat(turns.get(2).toolCalls()).extracting("arguments").containsExactly("{\"x\":1}", "{}");
        assertThat(turns.get(3).toolName()).isEqualTo("f");
    }

    @Test
    void tools_have_the_form_that_models_know() throws IOException {
        whole("{'model':'tooler'," + TOOL + "," + HELLO + "}");

        assertThat(conversation().tools())
                .singleElement()
                .extracting("json")
                .isEqualTo(json("{'type':'function','function':{'name':'get_weather','description':'D','parameters':"
                        + "{'type':'object','properties':{'city':{'type':'string'}}}}}"));
        whole("{'model':'tooler','tool_choice':{'type':'none'}," + TOOL + "," + HELLO + "}");
        assertThat(conversation().tools()).isEmpty();
        whole("{'model':'tooler','tool_choice':{'type':'tool','name':'get_weather','disable_parallel_tool_use':true},"
                + TOOL + "," + HELLO + "}");
        assertThat(conversation().calling())
                .isEqualTo(new ToolCalling(ToolCalling.Choice.REQUIRED, Set.of("get_weather"), false));
    }

    @Test
    void a_model_that_cannot_think_does_not_mind() throws IOException {
        whole("{'model':'plain','thinking':{'type':'enabled','budget_tokens':1024}," + HELLO + "}");
        assertThat(conversation().thinking()).isEqualTo(Thinking.UNSET);

        whole("{'model':'thinker','thinking':{'type':'disabled'},'output_config':{'effort':'max'}," + HELLO + "}");
        assertThat(conversation().thinking()).isEqualTo(Thinking.OFF);
        whole("{'model':'thinker','thinking':{'type':'enabled','budget_tokens':1024}," + HELLO + "}");
        assertThat(conversation().thinking()).isEqualTo(Thinking.ON);
    }

    @Test
    void tokens_of_a_prompt_are_counted_without_an_answer() throws IOException {
        try (var exchange = post(
                "/v1/messages/count_tokens",
                "{'model':'plain','messages':[{'role':'user','content':'one two three'}]}")) {
            assertThat(exchange.body()).isEqualTo("{\"input_tokens\":5}");
            assertThat(exchange.status()).isEqualTo(200);
        }
    }

    private JsonNode whole(String body) throws IOException {
        try (var exchange = post("/v1/messages", body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(200);
            return JSON.readTree(text);
        }
    }

    /** Each event as its name and its data, without what is made up each time. */
    private List<String> stream(String body) throws IOException {
        try (var exchange = post("/v1/messages", body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(200);
            assertThat(exchange.header("Content-Type")).contains("text/event-stream");
            return List.of(text.strip().split("\n\n", -1)).stream()
                    .map(event -> event.replaceFirst("(?s)^event: (\\w+)\ndata: ", "$1 ")
                            .replaceAll("(msg|req)_[0-9a-f]{24}", "ID"))
                    .toList();
        }
    }
}
