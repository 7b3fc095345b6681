// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.chat.Message;
import dev.puna.chat.Thinking;
import dev.puna.chat.ToolCall;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;
import dev.puna.inference.FormatOption;
import dev.puna.inference.ThinkOption;
import dev.puna.model.KeepAlive;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestsTest {
    @Test
    void what_is_not_sent_has_the_defaults_of_the_contract() {
        var request = Bodies.generate("{'model':'m'}");

        assertThat(request.completion().prompt()).isEmpty();
        assertThat(request.completion().context()).isEmpty();
        assertThat(request.completion().raw()).isFalse();
        assertThat(request.stream()).isTrue();
        var fields = request.completion().parameters();
        assertThat(fields.truncate()).isTrue();
        assertThat(fields.shift()).isEmpty();
        assertThat(fields.format()).isEqualTo(new FormatOption.Known(new OutputFormat.Free()));
        assertThat(fields.keepAlive()).isEmpty();
        assertThat(fields.think()).isEqualTo(new ThinkOption.Plain(Thinking.UNSET));
        assertThat(fields.topLogprobs()).isEmpty();
        assertThat(fields.options()).isEmpty();
    }

    @Test
    void fields_are_found_in_any_case() {
        var request = Bodies.generate("{'Model':'m','PROMPT':'p','Stream':false}");

        assertThat(request.completion().parameters().model().name()).isEqualTo("m");
        assertThat(request.completion().prompt()).isEqualTo("p");
        assertThat(request.stream()).isFalse();
    }

    @Test
    void keep_alive_is_read_in_all_its_forms() {
        assertThat(keepAlive("30")).isEqualTo(KeepAlive.of(Duration.ofSeconds(30)));
        assertThat(keepAlive("1.5")).isEqualTo(KeepAlive.of(Duration.ofMillis(1500)));
        assertThat(keepAlive("0")).isEqualTo(KeepAlive.of(Duration.ZERO));
        assertThat(keepAlive("-1")).isEqualTo(KeepAlive.FOREVER);
        assertThat(keepAlive("'1h30m'")).isEqualTo(KeepAlive.of(Duration.ofMinutes(90)));
        assertThat(keepAlive("'0'")).isEqualTo(KeepAlive.of(Duration.ZERO));
        assertThat(keepAlive("'-1m'")).isEqualTo(KeepAlive.FOREVER);
        assertThat(Bodies.generate("{'keep_alive':null}")
                        .completion()
                        .parameters()
                        .keepAlive())
                .isEmpty();
    }

    @Test
    void keep_alive_of_another_kind_is_refused_in_gos_words() {
        refused(() -> keepAlive("'10'"), "time: missing unit in duration \"10\"");
        refused(() -> keepAlive("'soon'"), "time: invalid duration \"soon\"");
        refused(() -> keepAlive("true"), "Unsupported type: 'bool'");
        refused(() -> keepAlive("[]"), "Unsupported type: '[]interface {}'");
        refused(() -> keepAlive("{}"), "Unsupported type: 'map[string]interface {}'");
    }

    @Test
    void think_is_a_truth_or_a_level() {
        assertThat(think("true")).isEqualTo(Thinking.ON);
        assertThat(think("false")).isEqualTo(Thinking.OFF);
        assertThat(think("'high'")).isEqualTo(Thinking.HIGH);
        assertThat(think("'max'")).isEqualTo(Thinking.MAX);
        assertThat(think("null")).isEqualTo(Thinking.UNSET);
        refused(
                () -> think("'ultra'"),
                "invalid think value: \"ultra\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)");
        refused(
                () -> think("'xhigh'"),
                "invalid think value: \"xhigh\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)");
        refused(
                () -> think("5"),
                "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)");
    }

    @Test
    void a_format_is_none_json_or_a_schema() {
        assertThat(format("''")).isEqualTo(new OutputFormat.Free());
        assertThat(format("null")).isEqualTo(new OutputFormat.Free());
        assertThat(format("'json'")).isEqualTo(new OutputFormat.Json());
        assertThat(format("{'type':'object'}")).isEqualTo(new OutputFormat.Schema("{\"type\":\"object\"}"));
    }

    @Test
    void any_other_format_is_quoted_back() {
        refused(
                () -> format("'xml'"),
                "invalid format: \"\\\"xml\\\"\"; expected \"json\" or a valid JSON Schema object");
        refused(() -> format("5"), "invalid format: \"5\"; expected \"json\" or a valid JSON Schema object");
    }

    @Test
    void log_probabilities_count_only_when_they_are_asked_for() {
        assertThat(logprobs("'logprobs':true,'top_logprobs':3")).hasValue(3);
        assertThat(logprobs("'logprobs':true")).hasValue(0);
        assertThat(logprobs("'top_logprobs':3")).isEmpty();
        refused(() -> logprobs("'top_logprobs':21"), "top_logprobs must be between 0 and 20");
        refused(() -> logprobs("'top_logprobs':-1"), "top_logprobs must be between 0 and 20");
    }

    @Test
    void images_are_base64() {
        var request = Bodies.generate("{'images':['aGVsbG8=']}");

        assertThat(request.completion().images().getFirst().encoded())
                .isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        refused(() -> Bodies.generate("{'images':['@@@']}"), "illegal base64 data at input byte 0");
        refused(
                () -> Bodies.generate("{'images':[" + "'',".repeat(10_000) + "'']}"),
                "images holds 10001 images; a message takes at most 10000");
    }

    @Test
    void a_context_that_is_sent_empty_is_not_a_context_that_is_absent() {
        assertThat(Bodies.generate("{'context':[]}").completion().context()).contains(List.of());
        assertThat(Bodies.generate("{'context':[1,2]}").completion().context()).contains(List.of(1, 2));
        refused(() -> Bodies.generate("{'context':[-1]}"), "context holds -1, which is no token");
        refused(
                () -> Bodies.generate("{'context':['x']}"),
                "json: cannot unmarshal string into Go struct field GenerateRequest.context of type int");
    }

    @Test
    void turns_of_a_chat_keep_what_they_carry() {
        var request = Bodies.chat("""
                {'messages':[{'role':'USER','content':'hi'},
                 {'role':'assistant','content':'','thinking':'hm','tool_calls':[
                   {'function':{'name':'a','arguments':{'z':1,'b':[2]}}},
                   {'id':'call_7','function':{'index':4,'name':'b'}}]},
                 {'role':'tool','tool_name':'a','tool_call_id':'call_7','content':'22'}]}""");

        assertThat(request.completion().messages())
                .containsExactly(
                        Message.of("user", "hi"),
                        new Message(
                                "assistant",
                                "",
                                "hm",
                                List.of(),
                                List.of(
                                        new ToolCall("", 0, "a", "{\"z\":1,\"b\":[2]}"),
                                        new ToolCall("call_7", 4, "b", "{}")),
                                "",
                                ""),
                        new Message("tool", "22", "", List.of(), List.of(), "a", "call_7"));
    }

    @Test
    void arguments_of_a_call_are_written_anew_whatever_spacing_and_escapes_a_client_likes() {
        var request = Bodies.chat("""
                {'messages':[{'tool_calls':[{'function':{'name':'say','arguments':{ 't' : 'x \\ud83d \\u00e3', 'id':12345678901234567890 }}}]}]}""");

        assertThat(request.completion()
                        .messages()
                        .getFirst()
                        .toolCalls()
                        .getFirst()
                        .arguments())
                .isEqualTo("{\"t\":\"x \ufffd \u00e3\",\"id\":12345678901234567890}");
        assertThatThrownBy(() -> Bodies.chat("{'messages':[{'tool_calls':[{'function':{'arguments':{'n':1e400}}}]}]}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("json: cannot unmarshal number 1e400 into Go ");
    }

    @Test
    void turns_of_the_wrong_type_are_refused_in_gos_words() {
        refused(
                () -> Bodies.chat("{'messages':'x'}"),
                "json: cannot unmarshal string into Go struct field ChatRequest.messages of type []api.Message");
        refused(
                () -> Bodies.chat("{'messages':[{'content':5}]}"),
                "json: cannot unmarshal number into Go struct field ChatRequest.messages.content of type string");
        refused(
                () -> Bodies.chat("{'tools':'x'}"),
                "json: cannot unmarshal string into Go struct field ChatRequest.tools of type api.Tools");
        refused(
                () -> Bodies.chat("{'messages':[{'tool_calls':[{'function':{'arguments':'{}'}}]}]}"),
                "Value looks like object, but can't find closing '}' symbol");
    }

    @Test
    void inputs_to_embed_are_one_text_or_many() {
        assertThat(Bodies.embed("{'model':'m','input':'a'}").input().texts()).containsExactly("a");
        assertThat(Bodies.embed("{'model':'m','input':['a','']}").input().texts())
                .containsExactly("a", "");
        assertThat(Bodies.embed("{'model':'m','input':''}").input().texts()).isEmpty();
        assertThat(Bodies.embed("{'model':'m','input':null}").input().texts()).isEmpty();
        assertThat(Bodies.embed("{'model':'m'}").input().texts()).isEmpty();
        refused(() -> Bodies.embed("{'model':'m','input':5}").input().texts(), "invalid input type");
        refused(() -> Bodies.embed("{'model':'m','input':['a',5]}").input().texts(), "invalid input type");
        refused(() -> Bodies.embed("{'model':'m','input':{}}").input().texts(), "invalid input type");
    }

    private static KeepAlive keepAlive(String json) {
        return Bodies.generate("{'keep_alive':" + json + "}")
                .completion()
                .parameters()
                .keepAlive()
                .orElseThrow();
    }

    private static Thinking think(String json) {
        return Bodies.chat("{'think':" + json + "}")
                .completion()
                .parameters()
                .think()
                .resolved(Optional.empty());
    }

    private static OutputFormat format(String json) {
        return Bodies.chat("{'format':" + json + "}")
                .completion()
                .parameters()
                .format()
                .resolved();
    }

    private static OptionalInt logprobs(String fields) {
        return Bodies.chat("{" + fields + "}").completion().parameters().topLogprobs();
    }

    private static void refused(ThrowingCallable reading, String text) {
        assertThatThrownBy(reading).isInstanceOf(InvalidRequest.class).hasMessage(text);
    }
}
