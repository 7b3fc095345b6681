// SPDX-License-Identifier: Apache-2.0
package dev.puna.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProseTest {

    @ParameterizedTest
    @ValueSource(strings = {"<call> is what I", "so: that is it", "ich weiß, daß", "I don't know", "a < b and so on"})
    void sentences(String text) {
        assertThat(Prose.in(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<call>get_weather",
                "<call>function get_weather",
                "<call name=\"one two three\">",
                "[f(city=\"one two three\", b='four five six'",
                "```json\n",
                "get_a get_b get_c",
                "\"it is not closed",
                ""
            })
    void notation(String text) {
        assertThat(Prose.in(text)).isFalse();
    }

    @Test
    void long_text_takes_no_stack() {
        assertThat(Prose.in("\"" + "\\n".repeat(200_000) + "\" one two three")).isTrue();
        assertThat(Prose.in("x".repeat(200_000))).isFalse();
    }

    @Test
    void what_stands_behind_brackets() {
        assertThat(Prose.behindLastBracket("f(a) and")).isEqualTo(" and");
        assertThat(Prose.behindLastBracket("and")).isEqualTo("and");
        assertThat(Prose.behindLastBracket("{}")).isEmpty();
    }
}
