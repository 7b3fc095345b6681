// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import dev.puna.support.NativeEngineProfile;
import dev.puna.support.TinyGguf;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 9.3: JSON, schemas, patterns and templates that are bombs. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadLanguageInputTest extends BadInputTest {
    @ParameterizedTest
    @ValueSource(strings = {"/api/generate", "/api/chat", "/api/embed", "/api/create", "/api/show", "/api/copy"})
    void json_a_million_deep(String path) {
        for (var bracket : List.of("[", "{'a':")) {
            server.post(path, "{'model':'besieged','options':" + bracket.repeat(1_000_000))
                    .isBadRequest();
        }
    }

    @Test
    void json_that_is_deep_and_whole() {
        var deep = "[".repeat(9_000) + "]".repeat(9_000);
        server.generate(",'unknown':" + deep).isServed();
        server.post("/api/chat", "{'model':'besieged','messages':" + deep + "}").isBadRequest();
        server.generate(",'format':{'enum':" + deep + "}").isBadRequest();
        server.post(
                        "/api/chat",
                        "{'model':'besieged','stream':false,'options':{'num_predict':2},'messages':[{'role':'user','content':'a'},"
                                + "{'role':'assistant','content':'','tool_calls':[{'function':{'name':'f','arguments':{'a':"
                                + deep + "}}}]},{'role':'user','content':'a'}]}")
                .isBadRequest();
    }

    @Test
    void a_schema_that_refers_to_itself() {
        server.formatted("{'$ref':'#'}").isBadRequest();
        server.formatted("{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']}")
                .isBadRequest();
        server.formatted("{'$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}},'$ref':'#/$defs/a'}")
                .isBadRequest();
    }

    @Test
    void a_schema_as_deep_as_a_well() {
        var deep = "{'type':'array','items':".repeat(3_000) + "{}" + "}".repeat(3_000);
        server.formatted(deep).isBadRequest();
    }

    @Test
    void a_schema_that_doubles_with_every_reference() {
        var schema = new StringBuilder("{'$ref':'#/$defs/a0','$defs':{");
        for (var i = 0; i < 60; i++) {
            var next = "{'$ref':'#/$defs/a" + (i + 1) + "'}";
            schema.append("'a%d':{'anyOf':[%s,%s]},".formatted(i, next, next));
        }
        server.formatted(schema.append("'a60':{'type':'null'}}}").toString()).isBadRequest();
    }

    @Test
    void a_choice_of_a_million() {
        var values = IntStream.range(0, 1_000_000).mapToObj(i -> "'v" + i + "'").collect(Collectors.joining(","));
        server.formatted("{'enum':[" + values + "]}").isBadRequest();
    }

    @Test
    void an_object_of_a_hundred_thousand_properties() {
        var properties = IntStream.range(0, 100_000)
                .mapToObj(i -> "'p" + i + "':{'type':'null'}")
                .collect(Collectors.joining(","));
        server.formatted("{'type':'object','properties':{" + properties + "}}").isBadRequest();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(a+)+$",
                "^(a|a)*b$",
                "^((a{1,1000}){1,1000}){1,1000}$",
                "^(.*)*(.*)*(.*)*x$",
                "^((((((((((a*)*)*)*)*)*)*)*)*)*)*$"
            })
    void patterns_that_explode(String pattern) {
        server.formatted("{'type':'string','pattern':'" + pattern + "'}").isRefusedOrServed();
    }

    @Test
    void a_pattern_of_ten_thousand_brackets() {
        var deep = "(".repeat(10_000) + "a" + ")".repeat(10_000);
        server.formatted("{'type':'string','pattern':'^" + deep + "$'}").isBadRequest();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'string','minLength':2147483647}",
                "{'type':'string','minLength':1000001,'maxLength':1e300}",
                "{'type':'array','items':{},'minItems':1000000000,'maxItems':1e18}",
                "{'type':'string','pattern':'^((a{1000}){1000}){1000}$'}"
            })
    void a_minimum_in_a_schema_that_no_answer_reaches(String schema) {
        server.formatted(schema).isRefused(400, "can never be reached");
    }

    @ParameterizedTest
    @ValueSource(strings = {"^a{2147483647}$", "^a{0,999999999999}$"})
    void patterns_that_count_beyond_reason(String pattern) {
        server.formatted("{'type':'string','pattern':'" + pattern + "'}").isRefused(400, "more than a million times");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'string','minLength':1000000}",
                "{'type':'string','minLength':2001,'maxLength':2147483647}",
                "{'type':'array','items':{},'minItems':1000000,'maxItems':1e18}",
                "{'type':'integer','minimum':-1e300,'maximum':1e300}",
                "{'type':'number','minimum':-1e300,'maximum':1e300}"
            })
    void counts_in_a_schema_beyond_those_of_llama(String schema) {
        server.formatted(schema).isServed();
    }

    @Test
    void a_template_that_calls_itself_for_ever() {
        templated("{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}")
                .isBadRequest();
        templated("{{ define \"a\" }}{{ template \"b\" . }}x{{ end }}"
                        + "{{ define \"b\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}")
                .isBadRequest();
        templated("{{ define \"a\" }}{{ template \"a\" . }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}")
                .isBadRequest();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%999999999d",
                "%.999999999f",
                "%999999999s",
                "%0999999999d",
                "%-999999999x",
                "%.999999999e",
                "%999999999v"
            })
    void a_template_that_pads_to_a_billion_letters(String verb) {
        templated("{{ printf \"" + verb + "\" 1 }}").isServed();
        templated("{{ printf \"%*d\" 999999999 1 }}").isServed();
        templated("{{ range .Prompt }}{{ printf \"" + verb + "\" 1 }}{{ end }}").isBadRequest();
    }

    @Test
    void a_template_that_doubles_its_text() {
        var doubling = "{{ $a := \"aaaaaaaa\" }}" + "{{ $a = print $a $a }}".repeat(64) + "{{ $a }}";
        templated(doubling).isBadRequest();
    }

    @Test
    void a_template_nested_as_deep_as_a_well() {
        templated("{{ if true }}".repeat(20_000) + "{{ end }}".repeat(20_000)).isBadRequest();
        templated("{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}").isBadRequest();
    }

    @Test
    void a_template_that_calls_itself_in_a_stored_model() {
        var digest = server.upload(TinyGguf.llama(1).toArray());
        var template = "{{ define \\'a\\' }}{{ template \\'a\\' . }}{{ end }}{{ template \\'a\\' . }}{{ .Prompt }}";
        server.createFrom("recursive", digest, ",'template':'" + template + "'").isServed();
        server.post("/api/generate", "{'model':'recursive','prompt':'a','stream':false}")
                .isBadRequest();
        server.post("/api/chat", "{'model':'recursive','messages':[{'role':'user','content':'a'}],'stream':false}")
                .isBadRequest();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f(x) %}{{ f(x + 1) }}{{ f(x + 1) }}{% endmacro %}{{ f(0) }}",
                "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f(g) %}{{ g(g) }}{% endmacro %}{{ f(f) }}",
                "{%- macro f() -%} {%- if true -%} {%- for i in [1] -%} {{- f() -}} {%- endfor -%} {%- endif -%} {%- endmacro -%}{{ f() }}",
                "{% if messages[0]['content'] == 'bang' %}{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}{% endif %}x"
            })
    void a_jinja_macro_that_calls_itself_for_ever(String macro) {
        var weights = TinyGguf.llama(1).text("tokenizer.chat_template", macro + "{{ messages[0]['content'] }}");
        server.create("bomb", weights, "").isServed();
        server.post("/api/chat", "{'model':'bomb','messages':[{'role':'user','content':'bang'}],'stream':false}")
                .isRefused(400, "without end");
        server.post("/api/generate", "{'model':'bomb','prompt':'bang','stream':false}")
                .isRefused(400, "without end");
    }

    @Test
    void a_jinja_template_nested_as_deep_as_a_well() {
        for (var jinja : List.of(
                "{{ " + "(".repeat(200_000) + "1" + ")".repeat(200_000) + " }}",
                "{{ 1" + "+1".repeat(400_000) + " }}",
                "{{ " + "not ".repeat(200_000) + "1 }}",
                "{% if true %}".repeat(50_000) + "{% endif %}".repeat(50_000),
                "{% if true %}" + "{% elif true %}".repeat(50_000) + "{% endif %}")) {
            var weights = TinyGguf.llama(1).text("tokenizer.chat_template", jinja);
            server.create("bomb", weights, "").isServed();
            server.post("/api/chat", "{'model':'bomb','messages':[{'role':'user','content':'a'}],'stream':false}")
                    .isRefused(500, "nested too deeply");
        }
    }

    private Reply templated(String template) {
        var escaped = template.replace("\\", "\\\\").replace("\"", "\\\"");
        return server.generate(",'options':{'num_predict':2},'template':\"" + escaped + "\"");
    }
}
