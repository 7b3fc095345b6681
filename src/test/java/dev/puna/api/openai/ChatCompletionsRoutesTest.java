// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.api.ollama.ScriptedRoutes;
import dev.puna.chat.ToolCalling;
import dev.puna.engine.FinishReason;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.NativeFailure;
import dev.puna.support.RawExchange;
import dev.puna.support.Script;
import dev.puna.support.TinyModels;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Tag("quarkus")
class ChatCompletionsRoutesTest extends ScriptedRoutes {
    private static final String HELLO = "'messages':[{'role':'user','content':'Hi'}]";
    private static final String TOOL = "'tools':[{'type':'function','function':{'name':'get_weather',"
            + "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}}]";

    @Override
    protected void prepare(TinyModels models) {
        models.generative("plain", "another template of a plain model");
        models.generative("tooler", "{{ tools }}");
        models.generative("thinker", "{{ '<think>' }}{{ '</think>' }}");
    }

    @Test
    void an_answer_is_one_object() throws IOException {
        var answer = whole("{'model':'plain'," + HELLO + "}");

        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("id").asText()).startsWith("chatcmpl-");
        assertThat(answer.path("model").asText()).isEqualTo("plain");
        assertThat(answer.path("choices").toString())
                .isEqualTo(
                        json("[{'index':0,'message':{'role':'assistant','content':'Hello!'},'finish_reason':'stop'}]"));
        assertThat(answer.path("usage").toString())
                .isEqualTo(json("{'prompt_tokens':3,'completion_tokens':2,'total_tokens':5,"
                        + "'prompt_tokens_details':{'cached_tokens':0}}"));
        var options = asked().options();
        assertThat(options.temperature()).isEqualTo(1);
        assertThat(options.topP()).isEqualTo(1);
    }

    @Test
    void a_stream_says_the_role_once_and_ends_with_done() throws IOException {
        var events = stream("{'model':'plain','stream':true," + HELLO + "}");

        assertThat(choices(events))
                .containsExactly(
                        json("[{'index':0,'delta':{'role':'assistant','content':'Hello'},'finish_reason':null}]"),
                        json("[{'index':0,'delta':{'content':'!'},'finish_reason':null}]"),
                        json("[{'index':0,'delta':{},'finish_reason':'stop'}]"),
                        "[DONE]");
        assertThat(events.subList(0, 3))
                .extracting(event -> JSON.readTree(event).path("created"))
                .containsOnly(JSON.readTree(events.getFirst()).path("created"));
        assertThat(events.subList(0, 3)).noneMatch(event -> event.contains("usage"));
    }

    @Test
    void the_first_pieces_tell_how_much_of_the_prompt_is_read_if_asked() throws IOException {
        loader.answers(Script.of(
                new GenerationEvent.PromptProgress(90, 10, 10, Duration.ZERO),
                new GenerationEvent.PromptProgress(90, 10, 90, Duration.ofMillis(7)),
                Script.text("Hello"),
                Script.finished(FinishReason.STOP, 1)));

        var events = stream("{'model':'plain','stream':true,'return_progress':true," + HELLO + "}");

        assertThat(asked().promptProgress()).isTrue();
        assertThat(JSON.readTree(events.getFirst()).path("prompt_progress").toString())
                .isEqualTo(json("{'total':90,'cache':10,'processed':10,'time_ms':0}"));
        assertThat(JSON.readTree(events.get(1)).path("prompt_progress").toString())
                .isEqualTo(json("{'total':90,'cache':10,'processed':90,'time_ms':7}"));
        assertThat(choices(events))
                .containsExactly(
                        json("[{'index':0,'delta':{'role':'assistant'},'finish_reason':null}]"),
                        json("[{'index':0,'delta':{},'finish_reason':null}]"),
                        json("[{'index':0,'delta':{'content':'Hello'},'finish_reason':null}]"),
                        json("[{'index':0,'delta':{},'finish_reason':'stop'}]"),
                        "[DONE]");
    }

    @Test
    void whole_answers_and_streams_that_do_not_ask_have_no_progress() throws IOException {
        whole("{'model':'plain','return_progress':true," + HELLO + "}");
        assertThat(asked().promptProgress()).isFalse();

        stream("{'model':'plain','stream':true," + HELLO + "}");
        assertThat(asked().promptProgress()).isFalse();
    }

    @Test
    void the_last_piece_tells_what_it_took_if_asked() throws IOException {
        var events = stream("{'model':'plain','stream':true,'stream_options':{'include_usage':true}," + HELLO + "}");

        assertThat(events).hasSize(5).last().isEqualTo("[DONE]");
        var last = JSON.readTree(events.get(3));
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.at("/usage/total_tokens").asInt()).isEqualTo(5);
        assertThat(last.path("timings").toString())
                .isEqualTo(json("{'prompt_n':3,'prompt_ms':30,'prompt_per_token_ms':10,'prompt_per_second':100,"
                        + "'predicted_n':2,'predicted_ms':20,'predicted_per_token_ms':10,'predicted_per_second':100}"));
    }

    @Test
    void reasoning_and_calls_have_pieces_of_their_own() throws IOException {
        loader.answers(Script.of(
                Script.reasoning("Hm."),
                Script.call("get_weather", "{\"city\": \"Paris\"}"),
                Script.finished(FinishReason.STOP, 9)));

        var events = stream("{'model':'tooler','stream':true," + TOOL + "," + HELLO + "}");

        assertThat(choices(events).getFirst())
                .isEqualTo(json("[{'index':0,'delta':{'role':'assistant','reasoning':'Hm.'},'finish_reason':null}]"));
        assertThat(choices(events).get(1))
                .matches(
                        json(
                                "\\[\\{'index':0,'delta':\\{'tool_calls':\\[\\{'id':'call_\\w{8}','index':0,'type':'function',"
                                        + "'function':\\{'name':'get_weather','arguments':'\\{.*Paris.*}'}}]},'finish_reason':null}]"));
        assertThat(choices(events).get(2)).contains("tool_calls");
        var answer = whole("{'model':'tooler'," + TOOL + "," + HELLO + "}").at("/choices/0");
        assertThat(answer.path("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(answer.at("/message/reasoning").asText()).isEqualTo("Hm.");
        assertThat(answer.at("/message/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"city\":\"Paris\"}");
    }

    @Test
    void tools_are_not_offered_where_none_shall_be_called() throws IOException {
        whole("{'model':'plain','tool_choice':'none'," + TOOL + "," + HELLO + "}");

        assertThat(conversation().tools()).isEmpty();
    }

    @Test
    void a_call_that_is_required_is_required_of_the_engine() throws IOException {
        var named = "'tool_choice':{'type':'function','function':{'name':'get_weather'}},'parallel_tool_calls':false,";
        whole("{'model':'tooler'," + named + TOOL + "," + HELLO + "}");

        assertThat(conversation().calling())
                .isEqualTo(new ToolCalling(ToolCalling.Choice.REQUIRED, Set.of("get_weather"), false));
    }

    @Test
    void each_event_is_sent_before_the_next_one_exists() throws IOException {
        whole("{'model':'plain'," + HELLO + "}");
        var before = loader.engine().emitted();
        loader.answers(Script.answering("Hel", "lo").every(Duration.ofSeconds(1)));

        try (var exchange = post("{'model':'plain','stream':true," + HELLO + "}")) {
            assertThat(exchange.chunk()).contains("Hel").endsWith("}\n\n");
            assertThat(loader.engine().emitted()).isEqualTo(before + 1);
            assertThat(exchange.header("Content-Type")).contains("text/event-stream");
        }
    }

    @Test
    void an_error_in_the_middle_of_a_stream_is_its_last_event() throws IOException {
        loader.answers(Script.failing(new NativeFailure("cannot decode"), "Hel"));

        assertThat(stream("{'model':'plain','stream':true," + HELLO + "}"))
                .hasSize(2)
                .last()
                .isEqualTo(json("{'error':{'message':'cannot decode','type':'api_error','param':null,'code':null}}"));
    }

    @Test
    void what_is_asked_for_reaches_the_engine() throws IOException {
        whole(
                "{'model':'thinker','max_completion_tokens':7,'max_tokens':5,'seed':3,'stop':['a',1],'logit_bias':{'5':-100},'ignore_eos':true,'min_p':0.25,'top_k':9,"
                        + "'options':{'top_k':1,'num_keep':2},'response_format':{'type':'json_schema','json_schema':{'schema':"
                        + "{'type':'object'}}},'logprobs':true,'top_logprobs':2,'keep_alive':'1m','reasoning_effort':'none',"
                        + "'messages':[{'role':'developer','content':'S'},"
                        + "{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]},"
                        + "{'role':'assistant','content':null,'reasoning':'R','tool_calls':[{'id':'c1','type':'function',"
                        + "'function':{'name':'f','arguments':'{\\\"x\\\": 1}'}}]},"
                        + "{'role':'tool','tool_call_id':'c1','content':[{'type':'text','text':'4'},{'type':'text','text':'2'}]}]}");

        var request = asked();
        assertThat(request.options().numPredict()).isEqualTo(7);
        assertThat(request.options().topK()).isEqualTo(9);
        assertThat(request.options().minP()).isEqualTo(0.25f);
        assertThat(request.options().numKeep()).isEqualTo(2);
        assertThat(request.options().seed()).hasValue(3);
        assertThat(request.options().stop()).containsExactly("a");
        assertThat(request.options().logitBias()).containsExactly(Map.entry(5, -100f));
        assertThat(request.options().ignoreEos()).isTrue();
        assertThat(request.format()).isEqualTo(new OutputFormat.Schema("{\"type\":\"object\"}"));
        assertThat(request.topLogprobs()).hasValue(2);
        var turns = conversation().messages();
        assertThat(turns).extracting("role").containsExactly("system", "user", "assistant", "tool");
        assertThat(turns.get(1).content()).isEqualTo("a\n\nb");
        assertThat(turns.get(2).thinking()).isEqualTo("R");
        assertThat(turns.get(2).toolCalls().getFirst().arguments()).isEqualTo("{\"x\":1}");
        assertThat(turns.get(3).content()).isEqualTo("42");
        assertThat(turns.get(3).toolName()).isEqualTo("f");
    }

    @Test
    void what_makes_no_sense_is_refused_with_the_field_that_it_is_about() throws IOException {
        refused("'messages':[]", "[] is too short - 'messages'", "");
        refused("'messages':[{'role':'user'}]", "invalid message content type: \\u003cnil\\u003e", "");
        refused("'messages':[{'role':'user','content':4}]", "invalid message content type: float64", "");
        refused("'messages':[{'role':'user','content':['x']}]", "invalid message format", "");
        refused("'messages':[{'role':'elf','content':'x'}]", "unknown role", "messages[0].role");
        refused(
                "'messages':[{'role':'user','content':[{'type':'video'}]}]",
                "unknown content type",
                "messages[0].content[0].type");
        refused("'messages':[{'role':'tool','content':'x'}]", "must answer a call", "messages[0].tool_call_id");
        refused(
                "'messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'[1'}}]}]",
                "invalid tool call arguments",
                "messages[0].tool_calls[0].function.arguments");
        refused(
                "'messages':[{'role':'user','content':[{'type':'image_url','image_url':'data:image/png;base64,%%'}]}]",
                "invalid image input", "");
        refused(HELLO + ",'max_tokens':0", "at least 1", "max_tokens");
        refused(HELLO + ",'stop':4", "stop must be", "stop");
        refused(HELLO + ",'temperature':'x'", "ChatCompletionRequest.temperature of type float64", "");
        refused(HELLO + ",'logit_bias':{'1':101}", "from -100 to 100", "logit_bias");
        refused(HELLO + ",'logit_bias':{'one':1}", "not the id of a token", "logit_bias");
        refused(HELLO + ",'logit_bias':[1]", "must be an object", "logit_bias");
        refused(HELLO + ",'ignore_eos':'yes'", "option \\\"ignore_eos\\\" must be of type boolean", "");
        refused(HELLO + ",'reasoning_effort':'most'", "invalid reasoning value: \\\"most\\\"", "");
        refused(HELLO + ",'response_format':{'type':'xml'}", "invalid response_format type", "response_format.type");
        refused(HELLO + ",'tool_choice':'required'", "offers no tools", "tool_choice");
        refused(HELLO + ",'tool_choice':{'type':'function','function':{'name':'f'}}," + TOOL, "offer", "tool_choice");
        refused(HELLO + "," + TOOL.replace("get_weather", "get weather"), "name of a tool", "tools[0].function.name");
    }

    @Test
    void an_image_stands_where_its_part_stood() throws IOException {
        var image = "{'type':'image_url','image_url':{'url':'data:image\\/png;base64,aGk='}}";
        refused(
                "'messages':[{'role':'user','content':[" + image + ",{'type':'text','text':'What?'}]}]",
                "does not support images",
                "");
    }

    private void refused(String fields, String message, String field) throws IOException {
        try (var exchange = post("{'model':'plain'," + fields + "}")) {
            var body = exchange.body();
            assertThat(exchange.status()).as(body).isEqualTo(400);
            assertThat(body)
                    .startsWith("{\"error\":{\"message\":\"")
                    .contains(message)
                    .endsWith(
                            field.isEmpty()
                                    ? "\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}"
                                    : "\"type\":\"invalid_request_error\",\"param\":\"" + field
                                            + "\",\"code\":\"invalid_value\"}}");
        }
    }

    private JsonNode whole(String body) throws IOException {
        try (var exchange = post(body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(200);
            return JSON.readTree(text);
        }
    }

    private List<String> stream(String body) throws IOException {
        try (var exchange = post(body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(200);
            assertThat(text).endsWith("\n\n");
            return List.of(text.strip().split("\n\n", -1)).stream()
                    .map(event -> event.substring("data: ".length()))
                    .toList();
        }
    }

    private static List<String> choices(List<String> events) throws IOException {
        var choices = new java.util.ArrayList<String>();
        for (var event : events) {
            choices.add(
                    event.equals("[DONE]")
                            ? event
                            : JSON.readTree(event).path("choices").toString());
        }
        return choices;
    }

    private RawExchange post(String body) throws IOException {
        return RawExchange.send(server, json(body), "POST /v1/chat/completions HTTP/1.1");
    }
}
