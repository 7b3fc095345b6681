// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChallengeTest {
    @Test
    void names_and_values_are_read_quoted_or_not() {
        var challenge = Challenge.parse(
                "Bearer Realm=\"https://a.example/t?x=\\\"1\\\"\",service = b , scope=\"one two\",scope=\"three\"");

        assertThat(challenge.scheme()).isEqualTo("bearer");
        assertThat(challenge.parameter("realm")).isEqualTo("https://a.example/t?x=\"1\"");
        assertThat(challenge.parameter("service")).isEqualTo("b");
        assertThat(challenge.scopes()).containsExactly("one", "two");
    }

    @Test
    void what_makes_no_sense_is_left_out() {
        assertThat(Challenge.parse("").parameters()).isEmpty();
        assertThat(Challenge.parse("Basic").scheme()).isEqualTo("basic");
        assertThat(Challenge.parse("Bearer == , a b =c \"d\" e=\"open").parameters())
                .hasSize(2)
                .containsEntry("b", "c")
                .containsEntry("e", "");
    }

    @Test
    void a_value_of_thousands_of_characters_is_read_without_recursion() {
        var realm = "a".repeat(8000);

        assertThat(Challenge.parse("Bearer realm=\"" + realm + "\"").parameter("realm"))
                .isEqualTo(realm);
        assertThat(Challenge.parse("Bearer realm=\"" + "\\a".repeat(4000) + "\"")
                        .parameter("realm"))
                .isEqualTo("a".repeat(4000));
    }
}
