// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.chat.ToolCall;
import dev.puna.chat.ToolDefinition;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LenientCallsTest {
    private static final List<ToolDefinition> TOOLS =
            List.of(new ToolDefinition("add", "{}"), new ToolDefinition("ping", "{}"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'add','arguments':{'x':1}}",
                " \n{ 'name' : 'add' , 'arguments' : { 'x' : 1 } }\n\n",
                "{'arguments':{'x':1},'name':'add'}",
                "{'name':'add','parameters':{'x':1}}",
                "{'type':'function','name':'add','parameters':{'x':1}}",
                "{'type':'function','function':{'name':'add','arguments':{'x':1}},'id':'c1'}",
                "{'function':'add','arguments':{'x':1}}",
                "{'name':'add','arguments':'{\\'x\\':1}'}",
                "[{'name':'add','arguments':{'x':1}}]",
                "```json\n{'name':'add','arguments':{'x':1}}\n```",
                "```\n{'name':'add','arguments':{'x':1}}\n```\n",
                "```json\n{'name':'add','arguments':{'x':1}}",
                "```xml\n<tool_call>\n{'name':'add','arguments':{'x':1}}\n</tool_call>\n```",
                "<tool_call>{'name':'add','arguments':{'x':1}}</tool_call>",
                "<tool_call>\n{'name':'add','arguments':{'x':1}}",
                "<tools>\n{'name':'add','arguments':{'x':1}}\n</tools>",
                "<function_call> {'name':'add','arguments':{'x':1}} </function_call>",
                "[TOOL_CALLS] [{'name':'add','arguments':{'x':1}}]",
                "[TOOL_CALLS][{'name':'add','arguments':{'x':1}}]",
                "<|python_tag|>{'name':'add','parameters':{'x':1}}",
                "<function=add>{'x':1}</function>",
                "<tool_call><function=add>\n{'x':1}\n</function></tool_call>"
            })
    void an_answer_that_is_a_call_is_one_however_it_is_cut(String answer) {
        for (var size = 1; size <= answer.length(); size++) {
            var read = read(answer, size);

            assertThat(read.text()).as(answer).isEmpty();
            assertThat(read.calls()).containsExactly(new ToolCall("", 0, "add", "{\"x\":1}"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'add','arguments':{'x':1}}\n{'name':'ping','arguments':{}}",
                "{'name':'add','arguments':{'x':1}},{'name':'ping','arguments':{}}",
                "{'name':'add','arguments':{'x':1}}; {'name':'ping'}",
                "[{'name':'add','arguments':{'x':1}}, {'name':'ping','arguments':{}}]",
                "```json\n{'name':'add','arguments':{'x':1}}\n```\n```json\n{'name':'ping','arguments':{}}\n```",
                "<tool_call>{'name':'add','arguments':{'x':1}}</tool_call>\n<tool_call>{'name':'ping'}</tool_call>"
            })
    void several_calls_are_several(String answer) {
        assertThat(read(answer, 3).calls())
                .containsExactly(new ToolCall("", 0, "add", "{\"x\":1}"), new ToolCall("", 1, "ping", "{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "Hello",
                "{",
                "{}",
                "[]",
                "[1]",
                "[[{'name':'add'}]]",
                "{'name':'sub','arguments':{}}",
                "{'name':'add','arguments':{'x':1}} is how one adds",
                "I call {'name':'add','arguments':{'x':1}}",
                "{'name':'add','arguments':{'x':1}",
                "{'name':'add','arguments':{'x':1}},",
                "{'name':'add','arguments':[1]}",
                "{'name':'add','arguments':'one'}",
                "{'name':'add','arguments':{},'parameters':{}}",
                "{'name':'add','result':2}",
                "{'name':7,'arguments':{}}",
                "{'name':'add','arguments':{'bad':1}}",
                "{'name':'add','arguments':{'x':1}}\n{'name':'sub','arguments':{}}",
                "[{'name':'add','arguments':{'x':1}},2]",
                "{'name':'add','arguments':{'x':True}}",
                "{'name':'add','arguments':{'x':1-2}}",
                "```python\nadd(1)\n```",
                "```json\n{'x':1}\n```",
                "<tool_call>add(1)</tool_call>",
                "<function=sub>{}</function>",
                "<function=add></function>",
                "<function=add>{'x':1",
                "<b>bold</b>",
                "[see above]",
                "'add'"
            })
    void all_else_is_text_and_nothing_of_it_is_lost(String answer) {
        for (var size = 1; size <= Math.max(1, answer.length()); size++) {
            var read = read(answer, size);

            assertThat(read.text()).isEqualTo(answer.replace('\'', '"'));
            assertThat(read.calls()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "H",
                "{'city'",
                "{'name':'sub'",
                "[1",
                "[[",
                "```p",
                "<b",
                "{'name':'add','arguments':{'x':1}} i",
                "{'name':'add'}}",
                "<function=s>",
                "[TOOLS",
                "{,"
            })
    void text_is_let_go_with_the_character_that_decides_it(String answer) {
        var text = answer.replace('\'', '"');
        var calls = calls();

        assertThat(calls.add(text.substring(0, text.length() - 1))).isEmpty();
        assertThat(calls.add(text.substring(text.length() - 1))).isEqualTo(text);
        assertThat(calls.add("{")).isEqualTo("{");
        assertThat(calls.end()).isEmpty();
    }

    @Test
    void no_more_is_held_back_than_there_is_room_for() {
        var calls = calls();
        var held = calls.add("{\"name\":\"add\",\"arguments\":{\"x\":\"") + calls.add("y".repeat(256 << 10));

        assertThat(held).hasSizeGreaterThan(256 << 10);
        assertThat(calls.holds()).isFalse();
    }

    @Test
    void arguments_are_not_nested_without_an_end() {
        assertThat(calls().add("{\"name\":\"add\",\"arguments\":{\"x\":" + "[".repeat(100)))
                .isNotEmpty();
    }

    private record Read(String text, List<ToolCall> calls) {}

    private static Read read(String answer, int size) {
        var text = answer.replace('\'', '"');
        var calls = calls();
        var released = new StringBuilder();
        for (var from = 0; from < text.length(); from += size) {
            released.append(calls.add(text.substring(from, Math.min(text.length(), from + size))));
        }
        var found = calls.end();
        return new Read(released + calls.release(), found);
    }

    private static LenientCalls calls() {
        return new LenientCalls(TOOLS, (tool, arguments) -> !arguments.has("bad"));
    }
}
