// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.gbnf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExpressionGrammarTest {

    @Test
    void an_expression_is_written_as_it_stands() {
        assertThat(ExpressionGrammar.of("a\"[0-9]{2}")).isEqualTo("root ::= [a] [\"] [0-9]{2}\n");
        assertThat(ExpressionGrammar.of("yes|no")).isEqualTo("root ::= ([y] [e] [s] | [n] [o])\n");
    }

    @Test
    void anchors_around_it_go_without_saying() {
        assertThat(ExpressionGrammar.of("^ab$")).isEqualTo(ExpressionGrammar.of("ab"));
        assertThat(ExpressionGrammar.of("ab\\$")).isNotEqualTo(ExpressionGrammar.of("ab"));
    }

    @Test
    void looking_ahead_makes_an_automaton() {
        assertThat(ExpressionGrammar.of("(?!b)[ab]c"))
                .startsWith("root ::= s-0\n")
                .doesNotContain("[b]");
    }

    @ParameterizedTest
    @CsvSource({
        "(,cannot be used",
        "a**,cannot be used",
        "(?<=a)b,cannot be used",
        "a{200000},more than 100000",
        "(?!a)a,nothing matches"
    })
    void what_is_none_is_refused(String expression, String reason) {
        assertThatThrownBy(() -> ExpressionGrammar.of(expression))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("the regular expression cannot be used: ")
                .hasMessageContaining(reason);
    }

    @Test
    void what_is_long_or_large_is_refused_soon() {
        assertThatThrownBy(() -> ExpressionGrammar.of("a".repeat(20_000)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("16384 characters");
        assertThat(ExpressionGrammar.of("(a?){500}a{500}")).startsWith("root ::= ");
    }
}
