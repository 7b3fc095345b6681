// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.NativeFailure;
import dev.puna.support.TestModels;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates from strangers that ask one expression for more than there is: each is a sentence, and the process lives. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(240)
class HostileTemplatesTest {
    private static final String QUESTION = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}";

    private static final String TOO_LARGE = "the chat template takes too much memory";
    private static final String TOO_LONG = "the chat template takes too long";
    private static final String ENDLESS = "values or macros of the chat template contain each other without end";

    private static LoadedModel model;

    @BeforeAll
    static void open() throws IOException {
        model = TestLlama.openVocabulary(TestModels.smolLm2());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @Timeout(20)
    @CsvSource(delimiter = '~', quoteCharacter = '`', maxCharsPerColumn = 1000, textBlock = """
            {{ 'x' * 100000000000 }}
            {% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}
            {% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}
            {% set a = ['a' * 100000]|join %}{{ a|replace('', a) }}
            {{ range(99999)|list|join('x' * 100000) }}
            {{ 'a'|indent(1000000000000) }}
            {{ messages|tojson(indent=2147483647) }}
            {{ 'b'.join(['a' * 1000000000]) }}
            {{ (('a\\n' * 100000)|indent(100000)) }}
            {% set a = 'a' * 20000000 %}{{ a }}
            {% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}
            {% set l = [1] %}{% for i in range(99999) %}{% set x = l.append('x' * 20000) %}{% endfor %}
            """)
    void what_would_grow_into_gigabytes_is_refused(String template) {
        refuses(template, TOO_LARGE);
    }

    @ParameterizedTest
    @Timeout(20)
    @CsvSource(delimiter = '~', quoteCharacter = '`', maxCharsPerColumn = 1000, textBlock = """
            {{ (nothing|upper) * 100000000000 }}
            {% set ns = namespace(x=(1, 1)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ ns.x == ns.x }}
            {% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}
            {% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}
            {% set a = ['a' * 1000000]|join %}{% set b = [a, a, a, a]|join %}{{ b|replace('aa', 'b')|length }}
            {% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}
            """)
    void what_would_run_for_hours_is_refused_after_seconds(String template) {
        refuses(template, TOO_LONG);
    }

    @ParameterizedTest
    @Timeout(20)
    @CsvSource(delimiter = '~', quoteCharacter = '`', maxCharsPerColumn = 1000, textBlock = """
            {% set l = [] %}{{ l.append(l) }}{{ l|tojson }}
            {% set l = [] %}{% set x = l.append(l) %}{{ l }}
            {% set ns = namespace() %}{% set ns.a = ns %}{{ ns|tojson }}
            {% macro m() %}{{ m() }}{% endmacro %}{{ m() }}
            """)
    void what_contains_itself_does_not_end_the_stack(String template) {
        refuses(template, ENDLESS);
    }

    @ParameterizedTest
    @Timeout(20)
    @CsvSource(delimiterString = "→", quoteCharacter = '`', maxCharsPerColumn = 1000, textBlock = """
            {{ [1, 2, 3, 4, 5, 6, 7][5::9223372036854775807] }} → 6
            {{ 'abcdef'[::-1] }}{{ [1, 2, 3][::2]|join }} → fedcba13
            {{ (-9223372036854775807 - 1) is divisibleby(-1) }}{{ 6 is divisibleby(4) }} → TrueFalse
            {{ [3, 1, 2]|sort|join }}{{ ['a', 'c', 'b']|sort(reverse=true)|join }} → 123cba
            {{ [{'n': 2}, {'n': 1}]|sort(attribute='n')|map(attribute='n')|join }} → 12
            {% for k, v in {'b': 1, 'a': 2}|dictsort %}{{ k }}{{ v }}{% endfor %} → a2b1
            {{ 'xxaxbxx'.strip('x') }}{{ 'ab'|trim }}{{ (' a' ~ 'b ').rstrip() }}{{ '  c'.lstrip() }} → axbab abc
            {{ 'a-b-c'.rsplit('-', 1)|join('+') }}{{ 'b' in 'abc' }}{{ '' in '' }} → a-b+cTrueTrue
            {% set ns = namespace(x=[]) %}{% for i in range(2000) %}{% set ns.x = [ns.x] %}{% endfor %}freed → freed
            {% set l = [] %}{% set x = l.append(l) %}{{ l == l }} → False
            """)
    void what_is_bounded_still_means_the_same(String template, String expected) {
        try (var format = model.chatFormat(template)) {
            assertThat(TestLlama.apply(format, QUESTION).path("prompt").asText())
                    .isEqualTo(expected);
        }
    }

    @Test
    void a_division_by_zero_is_an_error_of_the_template() {
        refuses("{{ 1 is divisibleby(0) }}", "division by zero");
    }

    @Test
    void a_sort_that_contradicts_itself_stays_in_its_list() {
        var template = "{% set l = [] %}{% for i in range(200) %}{% set x = l.append(i) %}"
                + "{% set x = l.append((200 - i)|string) %}{% set x = l.append((i * 7)|string ~ 'x') %}{% endfor %}"
                + "{{ l|sort|length }}";
        try (var format = model.chatFormat(template)) {
            assertThat(TestLlama.apply(format, QUESTION).path("prompt").asText())
                    .isEqualTo("600");
        }
    }

    @Test
    void a_template_that_leaves_memory_behind_is_not_run_for_ever() {
        var template = "{% set l = ['x' ~ messages[0].content] %}{% set x = l.append(l) %}ok";
        var message = "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}".formatted("y".repeat(8 << 20));
        try (var format = model.chatFormat(template)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 20; i++) {
                            TestLlama.apply(format, message);
                        }
                    })
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageEndingWith("the chat template makes values that contain themselves");
        }
    }

    @Test
    void a_conversation_of_thirty_megabytes_is_rendered() {
        var turn = "{\"role\": \"user\", \"content\": \"%s\"}".formatted("word ".repeat(200_000));
        var inputs = "{\"messages\": [" + (turn + ",").repeat(29) + turn + "]}";
        try (var format = model.chatFormat("{% for m in messages %}{{ m.content|trim }}\n{% endfor %}")) {
            assertThat(TestLlama.apply(format, inputs).path("prompt").asText()).hasSize(30 * (5 * 200_000));
        }
    }

    private static void refuses(String template, String reason) {
        try (var format = model.chatFormat(template)) {
            assertThatThrownBy(() -> TestLlama.apply(format, QUESTION))
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageContaining(reason);
        }
    }
}
