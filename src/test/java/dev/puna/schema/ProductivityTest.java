// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas that refer to themselves: those whose every answer would have no end, and those that have an end. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ProductivityTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'object', 'properties': {'a': {'$ref': '#'}}, 'required': ['a']}",
                "{'properties': {'a': {'$ref': '#'}}, 'required': ['a']}",
                "{'type': 'array', 'items': {'$ref': '#'}, 'minItems': 1}",
                "{'type': 'array', 'prefixItems': [{'type': 'null'}, {'$ref': '#'}], 'minItems': 2}",
                "{'type': 'object', 'additionalProperties': {'$ref': '#'}, 'minProperties': 1}",
                "{'type': 'object', 'patternProperties': {'^x': {'$ref': '#'}}, 'additionalProperties': false, 'minProperties': 1}",
                "{'type': 'object', 'properties': {'a': {'$ref': '#'}, 'b': {'$ref': '#'}}, 'additionalProperties': false, 'minProperties': 1}",
                "{'$ref': '#/$defs/a', '$defs': {'a': {'properties': {'b': {'$ref': '#/$defs/b'}}, 'required': ['b']}, "
                        + "'b': {'properties': {'a': {'$ref': '#/$defs/a'}}, 'required': ['a']}}}",
                "{'$ref': '#/$defs/a', '$defs': {'a': {'type': 'array', 'items': {'$ref': '#/$defs/b'}, 'minItems': 3}, "
                        + "'b': {'properties': {'a': {'$ref': '#/$defs/a'}}, 'required': ['a']}}}",
                "{'allOf': [{'properties': {'a': {'$ref': '#'}}}, {'required': ['a']}]}",
                "{'allOf': [{'properties': {'a': {'type': ['object', 'null']}}}, "
                        + "{'type': 'object', 'properties': {'a': {'$ref': '#'}}, 'required': ['a']}]}",
                "{'anyOf': [{'type': 'object', 'properties': {'a': {'$ref': '#'}}, 'required': ['a']}, "
                        + "{'type': 'array', 'items': {'$ref': '#'}, 'minItems': 1}]}",
                "{'oneOf': [{'type': 'object', 'properties': {'a': {'$ref': '#'}}, 'required': ['a']}, "
                        + "{'type': 'array', 'items': {'$ref': '#'}, 'minItems': 1}]}",
                "{'type': 'object', 'properties': {'a': {'anyOf': [{'$ref': '#'}, {'type': 'string', 'pattern': '^a$', 'minLength': 2}]}}, "
                        + "'required': ['a']}",
                "{'type': 'object', 'properties': {'a': {'$ref': '#'}}, 'dependentRequired': {'a': ['a']}, 'minProperties': 1}",
                "{'type': 'object', 'properties': {'a': {'type': ['object', 'integer'], 'allOf': [{'$ref': '#'}]}}, 'required': ['a']}",
                "{'type': 'object', 'properties': {'up': {'properties': {'a': {'$ref': '#/properties/up'}}, 'required': ['a']}}, "
                        + "'required': ['up']}"
            })
    void what_only_endless_values_satisfy_is_refused(String schema) {
        assertThatThrownBy(() -> Schemas.grammar(schema))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("invalid JSON schema: no value satisfies #");
        assertThatThrownBy(() -> new StandIns().parameters("climb", Schemas.read(schema)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("climb")
                .hasMessageContaining("no value satisfies");
    }

    @Test
    void the_refusal_says_why() {
        assertThatThrownBy(() -> Schemas.grammar(
                        "{'type': 'object', 'properties': {'child': {'$ref': '#'}}, 'required': ['child']}"))
                .hasMessageEndingWith(
                        "no value satisfies #: the property \"child\" is required, and each of its values would have to hold another, "
                                + "without end");
        assertThatThrownBy(() -> Schemas.grammar("{'type': 'array', 'items': {'$ref': '#'}, 'minItems': 1}"))
                .hasMessageEndingWith(
                        "a list must have elements, and each of its values would have to hold another, without end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "{'type': 'object', 'properties': {'a': {'$ref': '#'}}} ¦ {} {\"a\":{\"a\":{}}} ¦ {\"a\":1}",
                "{'type': 'array', 'items': {'$ref': '#'}} ¦ [] [[],[[]]] ¦ [1]",
                "{'type': 'array', 'items': {'properties': {'a': {'$ref': '#/items'}}, 'required': ['a']}} ¦ [] ¦ [{}]",
                "{'type': 'array', 'prefixItems': [{'type': 'null'}, {'$ref': '#'}], 'minItems': 1} ¦ [null] [null,[null]] ¦ [] [null,null]",
                "{'anyOf': [{'type': 'null'}, {'type': 'object', 'properties': {'a': {'$ref': '#'}}, 'required': ['a']}]} "
                        + "¦ null {\"a\":{\"a\":null}} ¦ {} {\"a\":{}}",
                "{'type': 'object', 'properties': {'a': {'$ref': '#'}, 'b': {'type': 'null'}}, 'minProperties': 1, "
                        + "'additionalProperties': false} ¦ {\"b\":null} {\"a\":{\"b\":null}} ¦ {} {\"a\":{}}",
                "{'type': 'object', 'properties': {'never': {'$ref': '#/$defs/e'}, 'b': {'type': 'null'}}, 'required': ['b'], "
                        + "'$defs': {'e': {'properties': {'a': {'$ref': '#/$defs/e'}}, 'required': ['a']}}} "
                        + "¦ {\"b\":null} ¦ {\"never\":{},\"b\":null}",
                "{'anyOf': [{'type': 'string', 'const': 'x'}, {'type': 'array', 'items': {'$ref': '#/anyOf/1'}, 'minItems': 1}]} "
                        + "¦ \"x\" ¦ [] [\"x\"] [[]]",
                "{'$ref': '#/$defs/a', '$defs': {'a': {'properties': {'b': {'$ref': '#/$defs/b'}}, 'required': ['b']}, "
                        + "'b': {'type': ['array'], 'items': {'$ref': '#/$defs/a'}}}} ¦ {\"b\":[]} {\"b\":[{\"b\":[]}]} ¦ {} {\"b\":[{}]}"
            })
    void what_can_end_is_held_without_the_ways_that_cannot(String schema, String good, String bad) {
        var grammar = Schemas.grammar(schema);

        for (var text : good.split(" ")) {
            assertThat(grammar.accepts(text)).as(text).isTrue();
        }
        for (var text : bad.split(" ")) {
            assertThat(grammar.accepts(text)).as(text).isFalse();
        }
    }

    @Test
    void a_tool_loses_the_optional_parameter_that_nothing_satisfies() {
        var standIn = new StandIns()
                .parameters(
                        "climb",
                        Schemas.read(
                                "{'type': 'object', 'properties': {'a': {'$ref': '#/$defs/e'}, 'b': {'type': 'integer', 'minimum': 1}}, "
                                        + "'$defs': {'e': {'properties': {'a': {'$ref': '#/$defs/e'}}, 'required': ['a']}}}"));

        assertThat(standIn.path("properties").has("a")).isFalse();
        assertThat(standIn.path("properties").has("b")).isTrue();
    }
}
