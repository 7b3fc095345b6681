// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ResponseTagsTest {
    @Test
    void what_stands_around_thoughts_of_earlier_turns_tells_new_ones() {
        var tags = tags("""
                {{- range $i, $_ := .Messages }}<|{{ .Role }}|>
                {{ if and $.IsThinkSet .Thinking -}}
                <think>
                {{ .Thinking }}
                </think>
                {{ end }}{{ .Content }}{{ end }}
                """);

        assertThat(tags.thinks()).isTrue();
        assertThat(tags.thinkingOpen()).isEqualTo("<think>");
        assertThat(tags.thinkingClose()).isEqualTo("</think>");
    }

    @Test
    void thoughts_outside_of_messages_and_without_text_around_tell_nothing() {
        assertThat(tags("<a>{{ .Thinking }}</a>{{ range .Messages }}{{ .Content }}{{ end }}")
                        .thinks())
                .isFalse();
        assertThat(tags("{{ range .Messages }}{{ .Thinking }}{{ .Content }}{{ end }}")
                        .thinks())
                .isFalse();
        assertThat(tags("{{ range .Messages }}{{ range .Tools }}<a>{{ .Thinking }}</a>{{ end }}{{ end }}")
                        .thinks())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{ range .Messages }}{{ if .ToolCalls }}<call>{\"name\": 1}</call>{{ end }}{{ end }}     | <call>",
                "{{ if .ToolCalls }}[TOOL_CALLS] [{{ range .ToolCalls }}{}{{ end }}{{ end }}             | [TOOL_CALLS] [",
                "{{ if .ToolCalls }}{{ range .ToolCalls }} <tool> {\"a\"{{ end }}{{ end }}                 | <tool>",
                "{{ if .ToolCalls }}{{ .Content }}<tool>{{ end }}                                        | {",
                "{{ if .ToolCalls }} {\"name\"{{ end }}                                                  | {",
                "{{ if .Content }}a{{ else if and (eq .Role \"x\") .ToolCalls }}b{{ end }}               | b",
                "{{ range .Messages }}{{ .Content }}{{ end }}                                            | {",
            })
    void what_stands_before_calls_of_earlier_turns_announces_new_ones(String template, String tag) {
        assertThat(tags(template).toolCall()).isEqualTo(tag);
    }

    private static ResponseTags tags(String template) {
        return PromptTemplate.parse(template).answerTags();
    }
}
