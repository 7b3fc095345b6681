// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CallGrammarsTest {

    @Test
    void no_blank_comes_without_a_call() {
        assertThat(CallGrammars.withoutBlankCalls("a ::= \"x\"\ntool-calls ::= (tool-call? space)+\nb ::= a\n", true))
                .isEqualTo("a ::= \"x\"\ntool-calls ::= (tool-call space){1,64}\nb ::= a\n");
        assertThat(CallGrammars.withoutBlankCalls("tool-call ::= ((tool-a | tool-b) space)+", true))
                .isEqualTo("tool-call ::= ((tool-a | tool-b) space){1,64}");
    }

    @Test
    void one_call_is_one() {
        assertThat(CallGrammars.withoutBlankCalls("tool-calls ::= (tool-call? space)+", false))
                .isEqualTo("tool-calls ::= tool-call space");
    }

    @Test
    void other_rules_stay() {
        var rules = "root ::= (a space)+ b\nx ::= (a b)+\ny ::= \"(a space)+\"\n";

        assertThat(CallGrammars.withoutBlankCalls(rules, false)).isEqualTo(rules);
    }

    @Test
    void tools_may_be_thousands() {
        var names = "tool-a | ".repeat(20_000) + "tool-a";

        assertThat(CallGrammars.withoutBlankCalls("tool-call ::= ((" + names + ") space)+", false))
                .isEqualTo("tool-call ::= (" + names + ") space");
    }
}
