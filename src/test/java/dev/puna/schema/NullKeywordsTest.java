// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NullKeywordsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'string','enum':null,'minLength':null,'maxLength':null,'pattern':null,'format':null,'default':null}",
                "{'type':'string','$ref':null,'anyOf':null,'oneOf':null,'allOf':null,'not':null,'title':null}",
                "{'anyOf':[{'type':'string','items':null,'properties':null,'required':null,'additionalProperties':null}]}",
                "{'$ref':'#/$defs/a','$defs':{'a':{'type':'string','minimum':null,'multipleOf':null}},'const':'a'}"
            })
    void a_keyword_that_is_null_says_nothing(String schema) {
        assertThat(Schemas.grammar(schema).accepts("\"a\"")).isTrue();
        assertThat(Schemas.grammar(schema).accepts("1")).isFalse();
    }

    @Test
    void values_that_are_null_stay() {
        assertThat(Schemas.grammar("{'const':null}").accepts("null")).isTrue();
        assertThat(Schemas.grammar("{'enum':[null,1],'minimum':null}").accepts("null"))
                .isTrue();
        assertThat(Schemas.grammar("{'const':{'a':null}}").accepts("{\"a\":null}"))
                .isTrue();
        assertThat(Schemas.grammar(
                                "{'type':'object','properties':{'const':{'type':'string','enum':null}},'required':['const']}")
                        .accepts("{\"const\":\"a\"}"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'a'", "[5]", "{}", "1"})
    void names_that_are_required_must_be_a_list_of_names(String required) {
        assertThatThrownBy(() -> Schemas.grammar("{'type':'object','required':" + required + "}"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("required must be an array of strings");
    }

    @Test
    void a_property_that_says_of_itself_that_it_is_required_says_nothing() {
        assertThat(Schemas.grammar("{'type':'object','properties':{'a':{'type':'string','required':true}}}")
                        .accepts("{\"a\":\"b\"}"))
                .isTrue();
    }
}
