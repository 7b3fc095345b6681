// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.llama.guard.DeepStack;
import dev.puna.llama.guard.GrammarLimits;
import dev.puna.schema.gbnf.ExpressionGrammar;

/** Grammars that clients give, beside JSON schemas. <b>Threads:</b> any. */
public final class GivenGrammars {
    private GivenGrammars() {}

    /**
     * A grammar in llama.cpp's notation, as it was given.
     *
     * @throws dev.puna.failure.InvalidRequest if it is too large to be looked at
     */
    public static String checked(String gbnf) {
        GrammarLimits.check(gbnf);
        return gbnf;
    }

    /**
     * A grammar in llama.cpp's notation that lets just what a regular expression matches through.
     *
     * @throws dev.puna.failure.InvalidRequest if there is none
     */
    public static String ofExpression(String expression) {
        return DeepStack.call(() -> ExpressionGrammar.of(expression));
    }
}
