// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.api.json.JsonObject;
import dev.puna.api.openai.responses.request.ResponsesRequest;
import dev.puna.failure.InvalidRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes no sense is refused in one sentence that names the field. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadResponsesRequestsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "'model':'m' | input is required | input",
                "'input':null | input is required | input",
                "'input':[] | input is required | input",
                "'input':[{'type':'web_search_call'}] | input is required | input",
                "'input':7 | input must be a string or array: | input",
                "'input':{'role':'user'} | input must be a string or array: | input",
                "'input':['x'] | input[0]: json: cannot unmarshal string | input[0]",
                "'input':[null,7] | input[0]: | input[0].role",
                "'input':[{'role':'user','content':'a'},{'type':'zig'}] | input[1]: unknown input item type: \"zig\" | input[1].type",
                "'input':[{'type':5}] | input[0]: json: cannot unmarshal number | input[0]",
                "'input':[{'type':'item_reference','id':'msg_1'}] | item_reference is not supported | input[0].type",
                "'input':[{'role':'elf','content':'a'}] | unknown role | input[0].role",
                "'input':[{'role':'tool','content':'a'}] | function_call_output | input[0].role",
                "'input':[{'role':'user'}] | requires content | input[0].content",
                "'input':[{'role':'user','content':4}] | invalid message content type: float64 | input[0]",
                "'input':[{'role':'user','content':['a']}] | invalid message format | input[0]",
                "'input':[{'role':'user','content':[{'type':'video'}]}] | unknown content type: | input[0].content[0].type",
                "'input':[{'role':'user','content':[{'type':'input_text'}]}] | invalid message format | input[0].content[0]",
                "'input':[{'role':'user','content':[{'type':'input_text','text':[]}]}] | cannot unmarshal array | input[0]",
                "'input':[{'role':'user','content':[{'type':'input_file','file_id':'f'}]}] | file inputs are not currently supported | input[0].content[0].type",
                "'input':[{'role':'user','content':[{'type':'input_image','file_id':'f'}]}] | invalid message format | input[0].content[0]",
                "'input':[{'role':'user','content':[{'type':'input_image','image_url':'http:x'}]}] | invalid image input | input[0]",
                "'input':[{'role':'user','content':[{'type':'input_image','image_url':'data:image/png;base64,%%'}]}] | invalid image input | input[0]",
                "'input':[{'type':'reasoning','summary':'x'}] | cannot unmarshal string | input[0]",
                "'input':[{'type':'reasoning','summary':[7]}] | cannot unmarshal number | input[0]",
                "'input':[{'type':'function_call','name':'f','arguments':'{}'}] | requires call_id | input[0].call_id",
                "'input':[{'type':'function_call','call_id':'c','arguments':'{}'}] | requires name | input[0].name",
                "'input':[{'type':'function_call','call_id':'c','name':'f','arguments':{}}] | cannot unmarshal object | input[0]",
                "'input':[{'type':'function_call','call_id':'c','name':'f','arguments':'[1'}] | invalid tool call arguments | input[0]",
                "'input':[{'type':'function_call_output','call_id':'c','output':'x'}] | answers no call | input[0].call_id",
                "'input':[{'type':'function_call','call_id':'c','name':'f'},{'type':'function_call_output','call_id':'c'}] | requires output | input[1].output",
                "'input':[{'type':'custom_tool_call','call_id':'c','name':'f'}] | input[0]: custom_tool_call requires input | input[0].input",
                "'input':[{'type':'custom_tool_call','call_id':'c','name':'f','input':''},{'type':'custom_tool_call_output','call_id':'c','output':7}] | output must be a string or array | input[1].output",
                "'input':'x','previous_response_id':'resp_1' | send the whole conversation | previous_response_id",
                "'input':'x','conversation':{'id':'c'} | conversation is not supported | conversation",
                "'input':'x','prompt':{'id':'p'} | prompt is not supported | prompt",
                "'input':'x','background':true | background is not supported | background",
                "'input':'x','truncation':'most' | truncation is | truncation",
                "'input':'x','truncation':7 | ResponsesRequest.truncation of type string | -",
                "'input':'x','max_output_tokens':0 | at least 1 | max_output_tokens",
                "'input':'x','max_output_tokens':-5 | at least 1 | max_output_tokens",
                "'input':'x','max_output_tokens':'x' | ResponsesRequest.max_output_tokens of type int | -",
                "'input':'x','temperature':'hot' | ResponsesRequest.temperature of type float64 | -",
                "'input':'x','top_logprobs':21 | between 0 and 20 | -",
                "'input':'x','include':'all' | ResponsesRequest.include of type []string | -",
                "'input':'x','instructions':['a'] | ResponsesRequest.instructions of type string | -",
                "'input':'x','metadata':'a' | ResponsesRequest.metadata of type map | -",
                "'input':'x','reasoning':'high' | ResponsesRequest.reasoning of type openai.Reasoning | -",
                "'input':'x','text':'json' | ResponsesRequest.text of type openai.ResponsesText | -",
                "'input':'x','text':{'format':{'type':'xml'}} | invalid text.format type | text.format.type",
                "'input':'x','text':{'format':{'type':'json_schema','name':'n'}} | has no schema | text.format.schema",
                "'input':'x','stream':'yes' | ResponsesRequest.stream of type bool | -",
                "'input':'x','tools':{} | ResponsesRequest.tools of type | -",
                "'input':'x','tools':['f'] | cannot unmarshal string | -",
                "'input':'x','tools':[{'type':'function'}] | must not be empty or have spaces | tools[0].name",
                "'input':'x','tools':[{'type':'function','name':'a b'}] | must not be empty or have spaces | tools[0].name",
                "'input':'x','tools':[{'type':'web_search'},{'type':'function','name':'f'},{'type':'custom','name':'f'}] | two tools of the name \"f\" | tools[2].name",
                "'input':'x','tools':[{'type':'function','name':'n.f'},{'type':'namespace','name':'n','tools':[{'type':'function','name':'f'}]}] | two tools of the name \"n.f\" | tools[1].tools[0].name",
                "'input':'x','tools':[{'type':'namespace','name':'n','tools':[{'type':'namespace','name':'o'}]}] | no other namespace | tools[0].tools[0].type",
                "'input':'x','tools':[{'type':'local_shell'}] | \"local_shell\" is not supported | tools[0].type",
                "'input':'x','tools':[{'type':'function','name':'f','parameters':[]}] | cannot unmarshal array | -",
                "'input':'x','tools':[{'type':'custom','name':'f','format':7}] | cannot unmarshal number | -",
                "'input':'x','tool_choice':'required' | requires a call | tool_choice",
                "'input':'x','tool_choice':{'type':'function','name':'g'} | does not offer | tool_choice",
                "'input':'x','tool_choice':7 | tool_choice must be | tool_choice"
            })
    void each_mistake_is_told(String fields, String sentence, String field) {
        assertThatThrownBy(() -> read("{'model':'m'," + fields + "}"))
                .isInstanceOfSatisfying(InvalidRequest.class, refused -> {
                    assertThat(refused.text()).contains(sentence);
                    assertThat(refused.field()).isEqualTo(field == null ? "" : field);
                });
    }

    @Test
    void what_agents_offer_and_can_do_without_is_passed_over() {
        var request = read("{'model':'m','input':'x','tools':[{'type':'web_search','external_web_access':false},"
                + "{'type':'image_generation','output_format':'png'}],'service_tier':'auto','user':'u',"
                + "'client_metadata':{'a':'b'},'stream_options':{'include_obfuscation':false},'store':true}");

        assertThat(request.completion().tools()).isEmpty();
    }

    private static ResponsesRequest read(String json) {
        return ResponsesRequest.read(
                JsonObject.read(json.replace('\'', '"').getBytes(UTF_8), "openai.ResponsesRequest"));
    }
}
