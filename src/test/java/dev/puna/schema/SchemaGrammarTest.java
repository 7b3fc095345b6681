// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SchemaGrammarTest {

    /** A schema, texts that fit and texts that do not, each apart by two spaces. */
    @ParameterizedTest
    @CsvFileSource(resources = "/schemas/held.txt", delimiter = '¦', quoteCharacter = '`')
    void a_grammar_lets_through_what_the_schema_allows_and_nothing_else(String schema, String good, String bad) {
        var grammar = Schemas.grammar(schema);

        for (var text : good.split("  +")) {
            assertThat(grammar.accepts(text)).as("%s can be said", text).isTrue();
        }
        for (var text : bad.split("  +")) {
            assertThat(grammar.accepts(text)).as("%s cannot be said", text).isFalse();
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/schemas/refused.txt", delimiter = '¦', quoteCharacter = '`')
    void what_cannot_be_held_is_refused_with_its_place_and_the_words_of_the_user(String schema, String words) {
        var refusal = assertThatThrownBy(() -> Schemas.grammar(schema))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("invalid JSON schema: ");
        for (var word : words.split("  +")) {
            refusal.hasMessageContaining(word.replace('\'', '"'));
        }
    }

    @Test
    void counts_beyond_those_of_llama_are_held_in_small_grammars() {
        var grammar = Schemas.grammar("{'type': 'string', 'minLength': 2500, 'maxLength': 65536}");

        assertThat(grammar.size()).isLessThan(20);
        assertThat(grammar.accepts('"' + "x".repeat(2_499) + '"')).isFalse();
        assertThat(grammar.accepts('"' + "x".repeat(2_500) + '"')).isTrue();
        var odd = Schemas.grammar("{'type': 'array', 'items': {'type': 'null'}, 'minItems': 3, 'maxItems': 700}");
        for (int count : new int[] {0, 2, 3, 4, 256, 257, 512, 699, 700, 701, 900}) {
            var list = "[" + "null,".repeat(Math.max(0, count - 1)) + (count > 0 ? "null" : "") + "]";
            assertThat(odd.accepts(list)).as("%d elements", count).isEqualTo(count >= 3 && count <= 700);
        }
    }

    @Test
    void no_run_of_blanks_is_without_end() {
        var grammar = Schemas.grammar("{'type': 'object', 'properties': {'a': {}, 'b': {'type': 'array'}}}");

        assertThat(grammar.accepts("{ \"a\": 1,\n\n    \"b\": [ 1, 2 ] }")).isTrue();
        assertThat(grammar.accepts("{" + " ".repeat(30) + "\"a\": 1}")).isFalse();
        assertThat(grammar.accepts("{\"a\":\n\n" + " ".repeat(30) + "1}")).isFalse();
    }

    /** Each place alone is within the limits; all of them together would take a minute. */
    @Test
    @Timeout(20)
    void combinations_in_many_places_are_refused_before_they_take_long() {
        var both = IntStream.range(0, 13)
                .mapToObj(i -> "{'anyOf': [{'minLength': %d}, {'maxLength': %d}]}".formatted(i, i + 50))
                .collect(Collectors.joining(","));
        var properties = IntStream.range(0, 300)
                .mapToObj(i -> "'p%d': {'allOf': [%s]}".formatted(i, both))
                .collect(Collectors.joining(","));

        assertThatThrownBy(() -> Schemas.grammar("{'properties': {" + properties + "}}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("too many combinations");
    }
}
