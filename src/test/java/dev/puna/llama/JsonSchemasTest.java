// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(NoNativeLeaks.class)
@Timeout(60)
class JsonSchemasTest {

    @BeforeAll
    static void load() {
        TestLlama.backend();
    }

    @Test
    void a_schema_becomes_a_grammar_with_a_root() {
        var grammar = JsonSchemas.toGrammar(
                "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}}, \"required\": [\"a\"]}");

        assertThat(grammar).contains("root ::=").contains("\\\"a\\\"");
        assertThat(JsonSchemas.toGrammar("{}")).contains("root ::=");
    }

    @Test
    void references_are_followed_even_in_circles_that_hold_something() {
        var tree = """
                {"$defs": {"node": {"type": "object", "properties": {"child": {"$ref": "#/$defs/node"}}}},
                 "$ref": "#/$defs/node"}
                """;

        assertThat(JsonSchemas.toGrammar(tree)).contains("child");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                  | it cannot be read as JSON",
                "''                                 | it is empty",
                "\"json\"                           | schema must be an object",
                "[]                                 | schema must be an object",
                "{\"type\": \"strange\"}            | unrecognized type strange",
                "{\"enum\": []}                     | enum must be a non-empty array",
                "{\"properties\": []}               | properties must be an object",
                "{\"$ref\": \"#/$defs/nothing\"}    | cannot resolve $ref",
                "{\"$ref\": \"other.json\"}         | only references into the same document",
            })
    void what_has_no_grammar_is_an_invalid_request_that_says_why(String schema, String reason) {
        assertThatThrownBy(() -> JsonSchemas.toGrammar(schema))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("invalid JSON schema: ")
                .hasMessageContaining(reason);
    }

    @Test
    void a_circle_of_nothing_but_references_is_refused() {
        assertRefused("""
                {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "allOf": [{"$ref": "#/$defs/a"}]}
                """, "refers to nothing but itself");
        assertRefused("{\"allOf\": [{\"$ref\": \"#/allOf/0\"}]}", "#/allOf/0 refers to nothing but itself");
    }

    @Test
    void depth_that_would_break_the_stack_is_refused_and_what_is_below_has_room() {
        assertRefused(nested("{\"items\":", "}", 5_000), "nested too deeply");
        assertRefused(chain(3_000, "{\"$ref\": \"#/$defs/d%d\"}"), "it is nested too deeply");

        assertThat(JsonSchemas.toGrammar(nested("{\"anyOf\":[", "]}", 450))).isNotEmpty();
        assertThat(JsonSchemas.toGrammar(chain(1_500, "{\"$ref\": \"#/$defs/d%d\"}")))
                .isNotEmpty();
    }

    @Test
    void alternatives_of_alternatives_are_refused_before_they_take_for_ever() {
        var doubling = "{\"anyOf\": [{\"$ref\": \"#/$defs/d%1$d\"}, {\"$ref\": \"#/$defs/d%1$d\"}]}";

        assertRefused(chain(40, doubling), "more than 10000 alternatives");
        assertThat(JsonSchemas.toGrammar(chain(10, doubling))).isNotEmpty();
    }

    @Test
    void objects_and_enumerations_without_measure_are_refused() {
        assertRefused(object(501, ""), "more than 500 optional properties");
        assertRefused(object(1_000, "\"p0\", \"x1\", \"x2\""), "more than 500 optional properties");
        assertRefused("{\"allOf\": [" + object(300, "") + "," + object(300, "") + "]}", "500 optional properties");
        assertRefused("{\"enum\": [" + numbers(20_000) + "]}", "more than 10000 alternatives");

        assertThat(JsonSchemas.toGrammar(object(500, ""))).isNotEmpty();
        assertThat(JsonSchemas.toGrammar("{\"enum\": [" + numbers(1_000) + "]}"))
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"not\": {\"pattern\": \"a\"}}                           | not | #",
                "{\"$defs\": {\"x\": {\"contains\": {}}}}                   | contains | #/$defs/x",
                "{\"type\": \"array\", \"items\": {\"type\": \"array\", \"uniqueItems\": true}} | uniqueItems | #/items",
                "{\"anyOf\": [{}, {\"contains\": {}}]}                     | contains | #/anyOf/1",
                "{\"type\": \"string\", \"pattern\": \"a(?=a)b\"}          | pattern | ''",
            })
    void what_a_grammar_cannot_hold_is_refused_by_name(String schema, String keyword, String path) {
        assertThatThrownBy(() -> JsonSchemas.toGrammar(schema))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("the keyword \"" + keyword + "\"")
                .hasMessageContaining(path)
                .hasMessageContaining("is not supported");
    }

    @Test
    void what_only_describes_is_let_through() {
        var schema = """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "x", "title": "T", "x-mine": 1,
                 "type": "object", "uniqueItems": false, "additionalProperties": false, "required": ["a", "b"],
                 "properties": {"a": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}], "default": null},
                                "b": {"allOf": [{"$ref": "#/$defs/c"}], "description": "d", "examples": [1]},
                                "e": true, "f": {"type": "string", "format": "email"}},
                 "$defs": {"c": {"enum": ["x", "y"]}}}
                """;

        assertThat(JsonSchemas.toGrammar(schema)).contains("root ::=").doesNotContain("puna number range");
    }

    @Test
    void numbers_have_ranges_and_patterns_match_anywhere() {
        assertThat(JsonSchemas.toGrammar("{\"type\": \"number\", \"minimum\": 0.5, \"exclusiveMaximum\": 2}"))
                .contains("[0] \".\" [5] [0-9]{0,15}");
        assertThat(JsonSchemas.toGrammar("{\"type\": [\"number\", \"null\"], \"maximum\": 2}"))
                .contains("null");
        assertThat(JsonSchemas.toGrammar("{\"type\": \"string\", \"pattern\": \"ab\"}"))
                .contains("[a] [b]");
        assertRefused("{\"type\": \"number\", \"minimum\": 3, \"maximum\": 2}", "no number lies between");
        assertRefused("{\"type\": \"number\", \"minimum\": \"x\"}", "\"minimum\" must be a number");
    }

    private static void assertRefused(String schema, String reason) {
        assertThatThrownBy(() -> JsonSchemas.toGrammar(schema))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(reason);
    }

    private static String nested(String opening, String closing, int depth) {
        return opening.repeat(depth) + "{}" + closing.repeat(depth);
    }

    /** Definitions d0 to the last, each made from a format that names the next. */
    private static String chain(int length, String format) {
        var links = IntStream.range(0, length)
                .mapToObj(i -> "\"d%d\": %s".formatted(i, format.formatted(i + 1)))
                .collect(Collectors.joining(","));
        return "{\"$defs\": {" + links
                + ", \"d%d\": {\"type\": \"string\"}}, \"$ref\": \"#/$defs/d0\"}".formatted(length);
    }

    private static String object(int properties, String required) {
        var each = IntStream.range(0, properties)
                .mapToObj(i -> "\"p" + i + "\": {\"type\": \"string\"}")
                .collect(Collectors.joining(","));
        return "{\"type\": \"object\", \"properties\": {" + each + "}, \"required\": [" + required + "]}";
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }
}
