// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.puna.failure.InvalidRequest;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small schemas that could keep the server busy for minutes: each is served or refused in seconds. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class CostlySchemasTest {
    private static final String TOO_MUCH = "too many combinations";

    @Test
    void values_beside_a_pattern_are_compared_with_one_automaton() {
        var values = list(5_000, i -> "\"value-" + i + "\"");

        assertThat(rules("{'enum':" + values + ",'pattern':'^value-[0-9]{1,500}$'}"))
                .contains("\\\"value-4999\\\"");
        assertThat(rules("{'enum':" + values + ",'pattern':'^value-[0-9]{4,500}$'}"))
                .contains("\\\"value-1000\\\"")
                .doesNotContain("\\\"value-999\\\"");
    }

    @Test
    void a_class_of_a_hundred_thousand_characters_apart_is_read_in_one_go() {
        var characters = new StringBuilder();
        for (var i = 0; i < 100_000; i++) {
            characters.appendCodePoint(0x10000 + 2 * i);
        }

        assertThat(rules("{'type':'string','pattern':'^[" + characters + "]$'}").length())
                .isGreaterThan(100_000 * "\\U00010000".length());
    }

    @Test
    void long_values_beside_a_pattern_with_many_ways_are_refused() {
        var values = list(500, i -> "\"" + "a".repeat(1_000) + i + "\"");

        assertRefused("{'enum':" + values + ",'pattern':'^(a?){1000}(a|[0-9]){1,1000}$'}", TOO_MUCH);
    }

    @Test
    void a_pattern_too_large_to_compare_values_with_is_refused_and_not_an_error() {
        assertRefused("{'enum':['aa'],'pattern':'^a{1,30000}$'}", "is too large to be compared with the text \"aa\"");
        assertRefused(
                "{'type':'object','patternProperties':{'^a{1,30000}$':{'minLength':1}},'properties':{'aa':{'type':'string'}}}",
                "is too large to be compared with the text \"aa\"");
    }

    @Test
    void large_enumerations_are_compared_without_looking_at_each_pair() {
        var objects = list(5_000, i -> "{\"a\":" + i + ",\"b\":" + (i + 1) + "}");
        var same = list(5_000, i -> "{\"b\":" + (i + 1) + ".0,\"a\":" + i + "}");

        assertThat(rules("{'enum':" + objects + ",'allOf':[{'enum':" + same + "}]}"))
                .contains("4999");
        assertThat(rules("{'allOf':" + list(200, _ -> "{\"enum\":" + list(1_000, i -> "\"v" + i + "\"") + "}") + "}"))
                .contains("v999");
        assertThat(rules("{'enum':[" + list(3_000, Integer::toString) + "],'uniqueItems':true}"))
                .contains("2999");
    }

    @Test
    void alternatives_that_name_values_of_their_own_are_apart() {
        assertThat(rules("{'oneOf':" + list(2_000, i -> "{\"const\":\"v" + i + "\",\"title\":\"t\"}") + "}"))
                .contains("v1999");
        assertThat(rules("{'oneOf':"
                        + list(
                                500,
                                i -> "{\"type\":\"object\",\"required\":[\"k\"],\"properties\":{\"k\":{\"const\":" + i
                                        + "},\"a\":{\"type\":\"string\"}}}")
                        + "}"))
                .contains("499");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'oneOf':[{'const':1},{'enum':[2,3]}]}                          | 1 2 3
            {'oneOf':[{'const':1},{'enum':[1.0,2]}]}                        | 2
            {'oneOf':[{'enum':['a','b']},{'enum':['b','c']},{'const':'d'}]} | a c d
            {'$defs':{'x':{'const':5}},'oneOf':[{'$ref':'#/$defs/x'},{'const':5},{'const':6}]} | 6
            """)
    void only_values_of_one_alternative_are_written(String schema, String values) {
        var rules = rules(schema);
        for (var value : "1 2 3 5 6 a b c d".split(" ")) {
            var literal = Character.isDigit(value.charAt(0)) ? "\"" + value + "\"" : "\"\\\"" + value + "\\\"\"";
            assertThat(rules.contains(literal)).as(value).isEqualTo(values.contains(value));
        }
    }

    @Test
    void numbers_with_a_billion_digits_are_not_written_out() {
        assertThat(rules("{'enum':[1e999999999,6],'multipleOf':3}"))
                .contains("\"6\"")
                .doesNotContain("E");
        assertThat(rules("{'enum':[3e999999999,5],'multipleOf':3}")).contains("3E+999999999");
        assertThat(rules("{'enum':[1e-999999999,6],'multipleOf':0.001}"))
                .contains("\"6\"")
                .doesNotContain("E");
        assertThat(rules("{'enum':[0.5,0.75,1e2],'multipleOf':0.25}")).contains("0.5", "0.75");
    }

    @ParameterizedTest
    @CsvSource({".*, 1000, 2", "a?, 1000, 1001", "[a-c]*, 3000, 2"})
    void optional_parts_in_a_row_are_written_as_an_automaton(String part, int times, int states) {
        var rules = rules("{'type':'string','pattern':'^" + part.repeat(times) + "$'}");

        assertThat(rules.lines().filter(rule -> rule.startsWith("s-"))).hasSize(states);
    }

    @Test
    void expressions_whose_automaton_is_too_large_are_written_as_they_are() {
        assertThat(rules("{'type':'string','pattern':'^.*a.{100}$'}")).contains("{100}");
    }

    @Test
    void automata_that_are_tried_in_vain_cost_nothing_of_what_a_schema_may_cost() {
        var properties = patterns(3, i -> "^.*" + (char) ('a' + i) + "([b-k]?[l-y]?.?[0-9]?){60}.{100}$");

        assertThat(rules("{'type':'object','properties':{" + properties + "}}").split("\\{100\\}", -1))
                .hasSize(4);
    }

    @Test
    void after_many_automata_were_tried_in_vain_no_more_are_tried() {
        var large = patterns(40, i -> "^.*a(.|[b-k]|[l-y]|[0-9]){100}" + i + "$");
        var small = "\"small\":{\"type\":\"string\",\"pattern\":\"^" + "a?".repeat(1_000) + "$\"}";

        assertThat(rules("{'type':'object','properties':{" + small + "," + large + "}}"))
                .contains("\ns-");
        assertThat(rules("{'type':'object','properties':{" + large + "," + small + "}}"))
                .doesNotContain("\ns-");
    }

    private static String patterns(int count, IntFunction<String> pattern) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"p" + i + "\":{\"type\":\"string\",\"pattern\":\"" + pattern.apply(i) + "\"}")
                .collect(Collectors.joining(","));
    }

    @Test
    void many_bounds_with_hundreds_of_digits_are_refused() {
        var names = list(200, i -> "\"p" + i + "\"");
        var properties = IntStream.range(0, 200)
                .mapToObj(i -> "\"p" + i + "\":{\"type\":\"number\",\"minimum\":-" + "7".repeat(300) + "." + i
                        + ",\"maximum\":" + "3".repeat(300) + "." + i + "}")
                .collect(Collectors.joining(","));

        assertRefused("{'type':'object','required':" + names + ",'properties':{" + properties + "}}", TOO_MUCH);
    }

    @Test
    void many_large_automata_are_refused() {
        var names = list(25, i -> "\"p" + i + "\"");
        var properties = IntStream.range(0, 25)
                .mapToObj(i -> "\"p" + i + "\":{\"type\":\"string\",\"maxLength\":4000,\"pattern\":\"^(a?){40" + i
                        + "}(b?){4000}x$\"}")
                .collect(Collectors.joining(","));

        assertRefused("{'type':'object','required':" + names + ",'properties':{" + properties + "}}", TOO_MUCH);
    }

    private static void assertRefused(String schema, String reason) {
        assertThatThrownBy(() -> rules(schema))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(reason);
    }

    private static String list(int count, IntFunction<String> element) {
        return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(",", "[", "]"));
    }

    private static String rules(String schema) {
        return SchemaGrammar.of(tree(schema.replace('\'', '"')), "#").rules();
    }

    private static JsonNode tree(String json) {
        try {
            return Schemas.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
