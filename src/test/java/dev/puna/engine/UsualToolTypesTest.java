// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UsualToolTypesTest {
    @Test
    void types_of_other_languages_are_those_of_json_schema_and_what_is_none_says_nothing() {
        assertThat(usual("""
                {'type':'object','properties':{'a':{'type':'int'},'b':{'type':'any','description':'d'},'c':{'type':'date'},
                 'd':{'type':'STR'},'e':{'type':['float','null']},'f':{'type':['any','null']},'g':{'type':'list','items':{'type':'bool'}},
                 'h':{'anyOf':[{'type':'double'},{'type':'dict','properties':{'x':{'type':'file'}}}]}},'$defs':{'t':{'type':'text'}}}""")).isEqualTo(json("""
                        {'type':'object','properties':{'a':{'type':'integer'},'b':{'description':'d'},'c':{},\
                        'd':{'type':'string'},'e':{'type':['number','null']},'f':{},'g':{'type':'array','items':{'type':'boolean'}},\
                        'h':{'anyOf':[{'type':'number'},{'type':'object','properties':{'x':{}}}]}},'$defs':{'t':{'type':'string'}}}"""));
    }

    @Test
    void properties_that_are_called_type_and_usual_schemas_stay_as_they_are() {
        var schema =
                "{'type':'object','properties':{'type':{'type':'string','enum':['int']},'n':{'type':['integer','null']},'o':{}}}";

        assertThat(usual(schema)).isEqualTo(json(schema));
    }

    @Test
    void a_tool_without_a_type_is_a_function() {
        assertThat(in("{'type':'','function':{'name':'f'}}"))
                .isEqualTo(json("{'type':'function','function':{'name':'f'}}"));
        assertThat(in("{'type':'custom','function':{'name':'f'}}"))
                .isEqualTo(json("{'type':'custom','function':{'name':'f'}}"));
    }

    private static String usual(String parameters) {
        var text = in("{'type':'function','function':{'name':'f','parameters':" + parameters + "}}");
        return text.substring(text.indexOf("\"parameters\":") + 13, text.length() - 2);
    }

    private static String in(String tool) {
        try {
            return UsualToolTypes.in(new ObjectMapper().readTree(json(tool))).toString();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
