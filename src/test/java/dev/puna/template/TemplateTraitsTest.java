// SPDX-License-Identifier: Apache-2.0
package dev.puna.template;

import static dev.puna.model.Capability.INSERT;
import static dev.puna.model.Capability.THINKING;
import static dev.puna.model.Capability.TOOLS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.GoTemplateTraits;
import org.junit.jupiter.api.Test;

/** Contract 3.5. */
class TemplateTraitsTest {
    @Test
    void a_template_tells_by_the_fields_it_uses() {
        assertThat(of("{{ if .Tools }}{{ .Tools }}{{ end }}").capabilities()).containsExactly(TOOLS);
        assertThat(of("{{ if .Suffix }}a{{ end }}{{ .Prompt }}").capabilities()).containsExactly(INSERT);
        assertThat(of("{{ .Prompt }}").capabilities()).isEmpty();
    }

    @Test
    void what_stands_in_texts_and_comments_is_no_field() {
        assertThat(of("{{ \".Tools\" }}{{ `.Suffix` }}{{/* .Tools */}} .Tools").capabilities())
                .isEmpty();
        assertThat(of("{{ \"}}\" }}{{ .Tools }}").capabilities()).containsExactly(TOOLS);
        assertThat(of("{{ \"\\\"\" }}{{ .Tools }}").capabilities()).containsExactly(TOOLS);
    }

    @Test
    void only_a_thought_between_two_tags_is_a_sign_of_thinking() {
        assertThat(of("{{ range .Messages }}<think>{{ .Thinking }}</think>{{ end }}")
                        .capabilities())
                .containsExactly(THINKING);
        assertThat(of("{{ range .Messages }}{{ .Thinking }}{{ end }}").capabilities())
                .isEmpty();
        assertThat(of("<think>{{ .Thinking }}</think>").capabilities()).isEmpty();
    }

    @Test
    void results_of_tools_go_back_where_calls_and_the_tool_role_are_named() {
        assertThat(of("{{ range .Messages }}{{ .ToolCalls }}{{ if eq .Role \"tool\" }}{{ end }}{{ end }}")
                        .takesToolResults())
                .isTrue();
        assertThat(of("{{ range .Messages }}{{ .ToolCalls }}{{ end }}").takesToolResults())
                .isFalse();
        assertThat(of("{{ if eq .Role \"tool\" }}{{ end }}").takesToolResults()).isFalse();
    }

    private static GoTemplateTraits of(String template) {
        return PromptTemplate.parse(template).traits();
    }
}
