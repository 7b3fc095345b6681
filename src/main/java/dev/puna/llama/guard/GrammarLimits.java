// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.guard;

import dev.puna.failure.InvalidRequest;

/** Bounds on grammars that clients write: llama.cpp's reader recurses for each parenthesis, and copies what is repeated. */
public final class GrammarLimits {
    private static final int LONGEST = 256 << 10;
    private static final int DEEPEST = 100;

    private GrammarLimits() {}

    /**
     * Refuses what is too much.
     *
     * @throws InvalidRequest for a grammar that is empty, too long or too deep
     */
    public static void check(String gbnf) {
        if (gbnf.isBlank()) {
            throw refusal("it is empty");
        }
        if (gbnf.length() > LONGEST) {
            throw refusal("it has more than %d characters".formatted(LONGEST));
        }
        if (gbnf.indexOf('\0') >= 0) {
            throw refusal("it holds a NUL");
        }
        // Parentheses in literals and sets count, too: few write a hundred of them.
        var depth = 0;
        for (var i = 0; i < gbnf.length(); i++) {
            var c = gbnf.charAt(i);
            depth = c == '(' ? depth + 1 : c == ')' ? Math.max(0, depth - 1) : depth;
            if (depth > DEEPEST) {
                throw refusal("its parentheses are more than %d deep".formatted(DEEPEST));
            }
        }
    }

    private static InvalidRequest refusal(String reason) {
        return new InvalidRequest("the grammar cannot be used: " + reason, "grammar");
    }
}
