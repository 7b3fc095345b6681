// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.api.ollama.request.Bodies;
import dev.puna.chat.ToolCalling;
import dev.puna.chat.ToolCalling.Choice;
import dev.puna.chat.ToolDefinition;
import dev.puna.failure.InvalidRequest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ToolChoiceFieldsTest {
    private static final List<ToolDefinition> TOOLS =
            List.of(new ToolDefinition("add", "{}"), new ToolDefinition("get", "{}"));

    @Test
    void nothing_said_leaves_it_to_the_model() {
        assertThat(read("{}")).isEqualTo(ToolCalling.AUTO);
        assertThat(read("{'tool_choice':null,'parallel_tool_calls':null}")).isEqualTo(ToolCalling.AUTO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'auto' | AUTO",
                "'none' | NONE",
                "'required' | REQUIRED",
                "'any' | REQUIRED",
                "{'type':'auto'} | AUTO",
                "{'type':'any'} | REQUIRED",
                "{'type':'none'} | NONE"
            },
            quoteCharacter = '~')
    void a_word_is_taken_alone_and_as_a_type(String choice, Choice expected) {
        assertThat(read("{'tool_choice':" + choice + "}")).isEqualTo(new ToolCalling(expected, Set.of(), true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'function','function':{'name':'get'}}",
                "{'function':{'name':'get'}}",
                "{'type':'function','name':'get'}",
                "{'type':'tool','name':'get'}",
                "{'type':'custom','custom':{'name':'get'}}",
                "{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'get'}]}"
            })
    void one_tool_is_named_in_the_form_of_any_dialect(String choice) {
        assertThat(read("{'tool_choice':" + choice + "}"))
                .isEqualTo(new ToolCalling(Choice.REQUIRED, Set.of("get"), true));
    }

    @Test
    void some_of_the_tools_may_be_allowed_alone() {
        var choice = read("{'tool_choice':{'type':'allowed_tools','allowed_tools':{'mode':'auto','tools':"
                + "[{'type':'function','function':{'name':'add'}}]}}}");

        assertThat(choice).isEqualTo(new ToolCalling(Choice.AUTO, Set.of("add"), true));
        assertThat(choice.callable(TOOLS)).containsExactly(TOOLS.getFirst());
    }

    @Test
    void several_calls_are_forbidden_beside_the_choice_or_inside() {
        assertThat(read("{'parallel_tool_calls':false}").parallel()).isFalse();
        assertThat(read("{'tool_choice':{'type':'any','disable_parallel_tool_use':true}}"))
                .isEqualTo(new ToolCalling(Choice.REQUIRED, Set.of(), false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'sometimes' | is not supported",
                "'' | is not supported",
                "4 | must be",
                "[] | must be",
                "{} | names no tool",
                "{'type':'function'} | names no tool",
                "{'type':'function','function':{'name':'sub'}} | \"sub\", which the request does not offer",
                "{'type':'tool','name':'ADD'} | \"ADD\", which the request does not offer",
                "{'type':'file_search'} | \"file_search\" is not supported",
                "{'type':'allowed_tools','tools':[]} | allows no tool",
                "{'type':'allowed_tools','mode':'often','tools':[{'name':'add'}]} | \"often\" is not supported",
                "{'type':'allowed_tools','tools':[{'name':'sub'}]} | \"sub\", which the request does not offer"
            })
    void what_is_no_choice_is_refused(String choice, String sentence) {
        assertThatThrownBy(() -> read("{'tool_choice':" + choice + "}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(sentence)
                .extracting(e -> ((InvalidRequest) e).field())
                .isEqualTo("tool_choice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'required'", "{'type':'any'}", "{'type':'function','function':{'name':'add'}}"})
    void a_call_is_not_required_of_no_tools(String choice) {
        assertThatThrownBy(() -> ToolChoiceFields.read(Bodies.json("{'tool_choice':" + choice + "}"), List.of()))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("tool");
        assertThat(ToolChoiceFields.read(Bodies.json("{'tool_choice':'auto'}"), List.of()))
                .isEqualTo(ToolCalling.AUTO);
    }

    private static ToolCalling read(String fields) {
        return ToolChoiceFields.read(Bodies.json(fields), TOOLS);
    }
}
