// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.anthropic.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.api.json.JsonObject;
import dev.puna.chat.Image;
import dev.puna.chat.Message;
import dev.puna.failure.InvalidRequest;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MessagesRequestTest {
    private static final String CALL = "{'role':'user','content':'Hi'},"
            + "{'role':'assistant','content':[{'type':'tool_use','id':'t1','name':'f','input':{}}]}";

    @Test
    void a_system_text_in_the_middle_belongs_to_the_turn_of_the_user() {
        assertThat(
                        turns(
                                "{'role':'user','content':'a'},{'role':'system','content':'b'},{'role':'user','content':'c'},"
                                        + "{'role':'assistant','content':'d'},{'role':'system','content':[{'type':'text','text':'e'}]}"))
                .containsExactly(
                        Tuple.tuple("user", "a\n\n<system-reminder>\nb\n</system-reminder>\n\nc"),
                        Tuple.tuple("assistant", "d"),
                        Tuple.tuple("user", "<system-reminder>\ne\n</system-reminder>"));
    }

    @Test
    void system_texts_before_all_turns_are_one() {
        var messages = read("'max_tokens':1,'system':'a','messages':[{'role':'system','content':'b'},"
                        + "{'role':'user','content':'c'}]")
                .completion()
                .messages();

        assertThat(messages).containsExactly(Message.of("system", "a\n\nb"), Message.of("user", "c"));
    }

    @Test
    void results_come_before_what_the_user_says_in_the_same_turn() {
        assertThat(turns(CALL + ",{'role':'user','content':[{'type':'text','text':'x'},"
                        + "{'type':'tool_result','tool_use_id':'t1','content':'y'}]},{'role':'user','content':'z'}"))
                .endsWith(Tuple.tuple("tool", "y"), Tuple.tuple("user", "x\n\nz"));
    }

    @Test
    void what_nobody_knows_is_passed_over_and_what_says_nothing_is_left_out() {
        assertThat(turns("{'role':'user','content':[{'type':'hologram','x':1},{'type':'text','text':'a'}]},"
                        + "{'role':'assistant','content':[{'type':'redacted_thinking','data':'x'}]},"
                        + "{'role':'assistant','content':''},{'role':'user','content':'b'}"))
                .containsExactly(Tuple.tuple("user", "a\n\nb"));
    }

    @Test
    void a_search_that_ran_at_anthropic_is_told() {
        assertThat(turns("{'role':'user','content':'a'},{'role':'assistant','content':["
                        + "{'type':'server_tool_use','id':'s1','name':'web_search','input':{'query':'q'}},"
                        + "{'type':'web_search_tool_result','tool_use_id':'s1','content':"
                        + "[{'type':'web_search_result','title':'T','url':'U'}]},{'type':'text','text':'b'}]}"))
                .containsExactly(
                        Tuple.tuple("user", "a"), Tuple.tuple("assistant", "b"), Tuple.tuple("tool", "- T: U\n"));
    }

    @Test
    void an_image_may_be_elsewhere() {
        var image = "{'type':'image','source':{'type':'url','url':'https://a.example/cat.png'}}";
        var message = read("'max_tokens':1,'messages':[{'role':'user','content':[" + image + "]}]")
                .completion()
                .messages()
                .getFirst();

        assertThat(message.images()).containsExactly(Image.at("https://a.example/cat.png"));
    }

    @Test
    void images_stand_where_their_blocks_stood() {
        var image = "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'aGk='}}";
        var message = read("'max_tokens':1,'messages':[{'role':'user','content':[{'type':'text','text':'a'}," + image
                        + ",{'type':'text','text':'b'}]}]")
                .completion()
                .messages()
                .getFirst();

        assertThat(message.content()).isEqualTo("a\n\n[img]\n\nb");
        assertThat(message.images()).singleElement().extracting("encoded").isEqualTo("hi".getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'messages':[{'role':'user','content':'Hi'}] | max_tokens is required and must be positive",
                "'max_tokens':0,'messages':[{'role':'user','content':'Hi'}] | max_tokens is required and must be positive",
                "'max_tokens':-1,'messages':[{'role':'user','content':'Hi'}] | max_tokens is required and must be positive",
                "'max_tokens':'9' | MessagesRequest.max_tokens of type int",
                "'max_tokens':1 | messages is required",
                "'max_tokens':1,'messages':[] | messages is required",
                "'max_tokens':1,'messages':{} | MessagesRequest.messages of type []anthropic.MessageParam",
                "'max_tokens':1,'messages':['x'] | anthropic.MessageParam",
                "'max_tokens':1,'messages':[null] | unknown role",
                "'max_tokens':1,'messages':[{'role':'user','content':''}] | nobody says anything",
                "'max_tokens':1,'messages':[{'role':'user','content':[]}] | nobody says anything"
            })
    void what_is_missing_is_told(String fields, String message) {
        refused(fields, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'role':'elf','content':'x'} | unknown role \"elf\" | messages.0.role",
                "{'role':4,'content':'x'} | role of type string |",
                "{'role':'user'} | is missing | messages.0.content",
                "{'role':'user','content':4} | must be a text or a list of blocks | messages.0.content",
                "{'role':'user','content':{'type':'text'}} | must be a text or a list of blocks | messages.0.content",
                "{'role':'user','content':['x']} | anthropic.ContentBlock |",
                "{'role':'user','content':[{'text':'x'}]} | needs a type | messages.0.content.0.type",
                "{'role':'user','content':[{'type':4}]} | of type string |",
                "{'role':'user','content':[{'type':'text'}]} | needs a text | messages.0.content.0.text",
                "{'role':'user','content':[{'type':'text','text':[]}]} | of type string |",
                "{'role':'user','content':[{'type':'image'}]} | invalid image source | messages.0.content.0",
                "{'role':'user','content':[{'type':'image','source':{'type':'file'}}]} | invalid image source type: file. Only base64 images are supported. |",
                "{'role':'user','content':[{'type':'image','source':{'type':'url'}}]} | needs its http or https address | messages.0.content.0.source.url",
                "{'role':'user','content':[{'type':'image','source':{'type':'url','url':4}}]} | needs its http or https address | messages.0.content.0.source.url",
                "{'role':'user','content':[{'type':'image','source':{'type':'url','url':'file:///etc/passwd'}}]} | needs its http or https address | messages.0.content.0.source.url",
                "{'role':'user','content':[{'type':'image','source':{'type':'base64'}}]} | needs its data | messages.0.content.0.source.data",
                "{'role':'user','content':[{'type':'image','source':{'type':'base64','data':'%%'}}]} | invalid base64 image data | messages.0.content.0.source.data",
                "{'role':'user','content':[{'type':'image','source':{'type':'base64','data':7}}]} | invalid base64 image data | messages.0.content.0.source.data",
                "{'role':'user','content':[{'type':'document'}]} | needs a source | messages.0.content.0.source",
                "{'role':'user','content':[{'type':'document','source':{'type':'base64','data':'aGk='}}]} | send its text | messages.0.content.0.source.type",
                "{'role':'user','content':[{'type':'tool_use','id':'a','name':'f'}]} | only the assistant calls tools | messages.0.content",
                "{'role':'assistant','content':[{'type':'tool_use','name':'f'}]} | tool_use block missing required 'id' field |",
                "{'role':'assistant','content':[{'type':'tool_use','id':'a'}]} | tool_use block missing required 'name' field |",
                "{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':[1]}]} | looks like object |",
                "{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f'}]} | has no tool_result | messages",
                "{'role':'user','content':[{'type':'tool_result','tool_use_id':'a','content':'x'}]} | there is no tool_use | messages.0.content.0.tool_use_id",
                "{'role':'user','content':[{'type':'tool_result'}]} | there is no tool_use | messages.0.content.0.tool_use_id"
            })
    void a_turn_that_makes_no_sense_is_refused_with_its_place(String turn, String message, String field) {
        assertThat(refused("'max_tokens':1,'messages':[" + turn + "]", message).field())
                .isEqualTo(field == null ? "" : field);
    }

    @Test
    void each_call_has_its_result_in_the_turn_behind_it() {
        refused("'max_tokens':1,'messages':[" + CALL + "]", "\"t1\" has no tool_result");
        refused(
                "'max_tokens':1,'messages':[" + CALL
                        + ",{'role':'user','content':'x'},{'role':'assistant','content':'y'}]",
                "\"t1\" has no tool_result");
        refused(
                "'max_tokens':1,'messages':[" + CALL
                        + ",{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','content':4}]}]",
                "must be a text or a list of blocks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'model':4 | model of type string",
                "'model':'' | model is required",
                "'system':4 | must be a text or a list of blocks",
                "'system':[{'type':'text','text':4}] | of type string",
                "'stream':'yes' | stream of type bool",
                "'temperature':'hot' | temperature of type float64",
                "'top_k':1.5 | top_k of type int",
                "'stop_sequences':'x' | stop_sequences of type []string",
                "'stop_sequences':[4] | of type string",
                "'thinking':true | anthropic.ThinkingConfig",
                "'thinking':{'type':'sometimes'} | unknown type \"sometimes\"",
                "'thinking':{'type':'enabled','budget_tokens':0} | at least 1 token",
                "'thinking':{'type':'enabled','budget_tokens':'x'} | budget_tokens of type int",
                "'output_config':{'effort':'most'} | unknown effort \"most\"",
                "'output_config':{'format':{'type':'xml'}} | unknown type \"xml\"",
                "'output_config':{'format':{'type':'json_schema'}} | needs a schema",
                "'output_format':[] | anthropic.OutputFormat",
                "'tools':{} | []anthropic.Tool",
                "'tools':[4] | anthropic.Tool",
                "'tools':[{'name':'a b','input_schema':{}}] | the name of a tool must not be empty or have spaces",
                "'tools':[{'input_schema':{}}] | the name of a tool must not be empty or have spaces",
                "'tools':[{'name':'a'},{'name':'a'}] | there are two tools of the name \"a\"",
                "'tools':[{'name':'a','input_schema':'x'}] | api.ToolFunctionParameters",
                "'tools':[{'name':'a','input_schema':{'properties':[]}}] | looks like object",
                "'tools':[{'type':'bash_20250124','name':'bash'}] | describe the tool with an input_schema",
                "'tool_choice':4 | tool_choice must be",
                "'tool_choice':{'type':'sometimes'} | tool_choice \"sometimes\" is not supported",
                "'tool_choice':{'type':'any'} | offers no tools",
                "'tools':[{'name':'a'}],'tool_choice':{'type':'tool','name':'b'} | does not offer",
                "'tools':[{'name':'a'}],'tool_choice':{'type':'tool'} | names no tool",
                "'keep_alive':true | Unsupported type: 'bool'",
                "'options':[] | map[string]interface {}"
            })
    void a_field_that_makes_no_sense_is_refused(String field, String message) {
        refused(field + ",'max_tokens':1,'messages':[{'role':'user','content':'Hi'}]", message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'metadata':{'user_id':'x'}",
                "'context_management':{'edits':[{'type':'clear_thinking_20251015','keep':'all'}]}",
                "'service_tier':'auto','container':null,'mcp_servers':[],'inference_geo':'us','betas':['x']",
                "'tools':[{'type':'web_search_20250305','name':'web_search'},{'type':'custom','name':'b','input_schema':{}}]",
                "'thinking':null,'system':null,'tools':null,'tool_choice':null,'stop_sequences':null,'output_config':null",
                "'max_tokens':9223372036854775807"
            })
    void what_concerns_anthropic_alone_is_passed_over(String fields) {
        assertThat(read("'max_tokens':1," + fields + ",'messages':[{'role':'user','content':'Hi'}]")
                        .completion()
                        .messages())
                .hasSize(1);
    }

    private static List<Tuple> turns(String messages) {
        return read("'max_tokens':1,'messages':[" + messages + "]").completion().messages().stream()
                .map(message -> Tuple.tuple(message.role(), message.content()))
                .toList();
    }

    private static InvalidRequest refused(String fields, String message) {
        var refusal = new InvalidRequest[1];
        assertThatThrownBy(() -> read(fields))
                .isInstanceOfSatisfying(InvalidRequest.class, thrown -> refusal[0] = thrown)
                .hasMessageContaining(message);
        return refusal[0];
    }

    private static MessagesRequest read(String fields) {
        var model = fields.contains("'model'") ? "" : "'model':'m',";
        var json = "{" + model + fields + "}";
        return MessagesRequest.read(
                JsonObject.read(json.replace('\'', '"').getBytes(UTF_8), "anthropic.MessagesRequest"));
    }
}
