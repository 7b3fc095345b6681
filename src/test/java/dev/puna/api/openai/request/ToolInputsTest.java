// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.openai.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.api.json.JsonObject;
import dev.puna.failure.InvalidRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of tools makes no sense is refused with its place; what peers' clients rely on is taken. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ToolInputsTest {
    private static final String HELLO = "'messages':[{'role':'user','content':'Hi'}]";
    private static final String TOOLS = "'tools':[{'type':'function','function':{'name':'f'}}]";
    private static final String CALL = "{'role':'assistant','content':null,'tool_calls':[{'id':'c1','type':'function',"
            + "'function':{'name':'f','arguments':'{}'}}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'tools':[{'function':{'name':'f'}},{'function':{'name':'f'}}] | two tools | tools[1].function.name",
                "'tools':[{'function':{'name':'get weather'}}] | or have spaces | tools[0].function.name",
                "'tools':[{'function':{'name':''}}] | must not be empty | tools[0].function.name",
                "'tools':[{'type':'function'}] | must not be empty | tools[0].function.name",
                "'tool_choice':'required' | offers no tools | tool_choice",
                "'tool_choice':'required','tools':[] | offers no tools | tool_choice",
                "'tool_choice':{'type':'function','function':{'name':'g'}},TOOLS | does not offer | tool_choice",
                "'tool_choice':{'type':'function','function':{}},TOOLS | names no tool | tool_choice",
                "'tool_choice':true,TOOLS | must be | tool_choice",
                "'tool_choice':['auto'],TOOLS | must be | tool_choice",
                "'tools':{'type':'function'} | cannot unmarshal object | ~~",
                "'tools':[7] | cannot unmarshal number | ~~",
                "'tools':[{'function':'f'}] | cannot unmarshal string | ~~",
                "'parallel_tool_calls':'no',TOOLS | cannot unmarshal string | ~~"
            })
    void what_makes_no_sense_of_tools_is_refused(String fields, String sentence, String field) {
        refused(HELLO + "," + fields.replace("TOOLS", TOOLS), sentence, field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'role':'tool','content':'x'} | answer a call | messages[0].tool_call_id",
                "CALL,{'role':'tool','tool_call_id':'c2','content':'x'} | answer a call | messages[1].tool_call_id",
                "{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'[1]'}}]} | tool call arguments | messages[0].tool_calls[0].function.arguments",
                "CALL,{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'{'}}]} | tool call arguments | messages[1].tool_calls[0].function.arguments",
                "{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'x'}}]} | tool call arguments | messages[0].tool_calls[0].function.arguments",
                "{'role':'assistant','tool_calls':{}} | cannot unmarshal object | ~~",
                "{'role':'assistant','tool_calls':[3]} | cannot unmarshal number | ~~"
            })
    void what_makes_no_sense_of_calls_and_results_is_refused(String turns, String sentence, String field) {
        refused("'messages':[" + turns.replace("CALL", CALL) + "]", sentence, field);
    }

    /** Calls that nobody answered, results without an id, a schema that refers to itself, choices without tools. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'messages':[CALL,{'role':'user','content':'never mind'}]",
                "'messages':[CALL,{'role':'tool','name':'f','content':'x'}]",
                "'messages':[CALL,{'role':'function','name':'f','content':'x'}]",
                "HELLO,'tools':null,'tool_choice':null,'parallel_tool_calls':null",
                "HELLO,'tools':[],'tool_choice':'auto'",
                "HELLO,'tool_choice':'none'",
                "HELLO,'parallel_tool_calls':false",
                "HELLO,'tools':[{'function':{'name':'f','parameters':{'type':'object','$defs':{'a':{'$ref':'#/$defs/a'}},"
                        + "'properties':{'x':{'type':'array','items':{'$ref':'#/$defs/a'}}}}}}]"
            })
    void what_clients_rely_on_is_taken(String fields) {
        var request = read(fields.replace("CALL", CALL).replace("HELLO", HELLO));

        assertThat(request.completion().messages()).isNotEmpty();
    }

    private static void refused(String fields, String sentence, String field) {
        assertThatThrownBy(() -> read(fields))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(sentence)
                .extracting(refusal -> ((InvalidRequest) refusal).field())
                .isEqualTo(field);
    }

    private static ChatRequest read(String fields) {
        var body = ("{'model':'m'," + fields + "}").replace('\'', '"');
        return ChatRequest.read(JsonObject.read(body.getBytes(StandardCharsets.UTF_8), "openai.ChatCompletionRequest"));
    }
}
