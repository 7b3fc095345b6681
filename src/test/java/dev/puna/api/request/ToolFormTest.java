// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.api.ollama.request.Bodies;
import dev.puna.failure.InvalidRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ToolFormTest {

    @Test
    void keys_come_in_ollamas_order_and_properties_in_the_clients() {
        assertThat(form("""
                {'function':{'parameters':{'properties':{'z':{'description':'Z','type':'string'},'a':{'type':['integer']}},
                  'required':['z'],'type':'object'},'name':'f','description':'D'},'type':'function'}""")).isEqualTo(json("""
                        {'type':'function','function':{'name':'f','description':'D','parameters':{'type':'object',\
                        'required':['z'],'properties':{'z':{'type':'string','description':'Z'},'a':{'type':'integer'}}}}}"""));
    }

    @Test
    void what_ollama_does_not_know_is_left_out_and_what_it_knows_is_kept_at_every_depth() {
        assertThat(form("""
                {'type':'function','strict':true,'function':{'name':'f','parameters':{'type':'object','$defs':{'b':1,'a':2},
                  'additionalProperties':false,'properties':{'p':{'anyOf':[{'type':'string','minLength':2},{'type':'null'}]},
                   'q':{'type':['array','null'],'items':{'type':'number','maximum':3},'default':[]},
                   'r':{'type':'object','properties':{'s':{'enum':['x',1,null],'format':'f'}},'required':['s']}}}}}""")).isEqualTo(json("""
                        {'type':'function','function':{'name':'f','parameters':{'type':'object','$defs':{'a':2,'b':1},\
                        'properties':{'p':{'anyOf':[{'type':'string'},{'type':'null'}]},\
                        'q':{'type':['array','null'],'items':{'maximum':3,'type':'number'}},\
                        'r':{'type':'object','properties':{'s':{'enum':['x',1,null]}},'required':['s']}}}}}"""));
    }

    @Test
    void a_function_without_parameters_takes_an_empty_object() {
        assertThat(form("{'type':'function','function':{'name':'f'}}"))
                .isEqualTo(json(
                        "{'type':'function','function':{'name':'f','parameters':{'type':'object','properties':{}}}}"));
    }

    @Test
    void numbers_keep_their_digits_and_half_characters_are_replaced() {
        assertThat(form("""
                {'type':'function','function':{'name':'f','parameters':{'type':'object','properties':{\
                'p':{'enum':[12345678901234567890,0.1,'\\ud83d'],'items':{'maximum':9007199254740993}}}}}}""")).isEqualTo(json("""
                        {'type':'function','function':{'name':'f','parameters':{'type':'object','properties':{\
                        'p':{'items':{'maximum':9007199254740993},'enum':[12345678901234567890,0.1,'\ufffd']}}}}}"""));
        assertThatThrownBy(() -> form("{'function':{'parameters':{'properties':{'a':{'enum':[1e400]}}}}}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("json: cannot unmarshal number 1e400 into Go struct field ");
    }

    @Test
    void properties_are_refused_in_the_words_of_the_map_that_keeps_their_order() {
        refused("{'properties':[]}", "Value looks like object, but can't find closing '}' symbol");
        refused("{'properties':{'a':true}}", "json: cannot unmarshal bool into Go value of type api.ToolProperty");
        refused(
                "{'properties':{'a':{'description':5}}}",
                "json: cannot unmarshal number into Go struct field ToolProperty.description of type string");
        refused(
                "{'properties':{'a':{'properties':{'b':'x'}}}}",
                "json: cannot unmarshal string into Go value of type api.ToolProperty");
    }

    private static void refused(String parameters, String message) {
        assertThatThrownBy(() -> form("{'function':{'parameters':" + parameters + "}}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage(message);
    }

    @Test
    void what_is_no_tool_is_refused() {
        assertThatThrownBy(() -> form("{'function':5}")).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> form("{'function':{'parameters':{'properties':[]}}}"))
                .isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> form("{'function':{'parameters':{'properties':{'a':{'type':5}}}}}"))
                .isInstanceOf(InvalidRequest.class);
        var deep = "{'properties':{'a':".repeat(300) + "{}" + "}}".repeat(300);
        assertThatThrownBy(() -> form("{'function':{'parameters':" + deep + "}}"))
                .hasMessage("the parameters of a tool are nested too deeply");
        var deepItems = "[".repeat(2_000) + "]".repeat(2_000);
        assertThatThrownBy(() -> form("{'items':" + deepItems + "}")).isInstanceOf(InvalidRequest.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 990, 998, 1_000})
    void values_nested_deeper_than_can_be_written_are_refused(int depth) {
        var deep = "[".repeat(depth) + "]".repeat(depth);

        assertThatThrownBy(() -> form("{'function':{'parameters':{'items':" + deep + "}}}"))
                .hasMessage("the parameters of a tool are nested too deeply");
    }

    @Test
    void the_deepest_parameters_with_the_deepest_values_are_written() {
        var items = "{'items':" + "[".repeat(500) + "]".repeat(500) + "}";
        var deep = "{'properties':{'a':".repeat(200) + items + "}}".repeat(200);

        assertThat(form("{'function':{'parameters':" + deep + "}}")).contains("[".repeat(500));
    }

    private static String form(String tool) {
        return Bodies.chat("{'tools':[" + tool + "]}")
                .completion()
                .tools()
                .getFirst()
                .json();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
