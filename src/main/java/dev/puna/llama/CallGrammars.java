// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import java.util.regex.Pattern;

/** Mends the grammars that llama.cpp makes for calls of tools. */
final class CallGrammars {
    /**
     * Calls one behind the other, of which llama.cpp lets each be none: blanks alone go on for ever then. The group is possessive, since
     * one that may be taken back is matched by recursion, and there may be thousands of tools.
     */
    private static final Pattern REPEATED =
            Pattern.compile("(?m)^([\\w-]+ ::= )\\(([\\w-]+|\\([\\w-]+(?: \\| [\\w-]+)*+\\))\\?? space\\)\\+$");

    /** Calls of an answer, however much its model likes to call. */
    private static final int MOST_CALLS = 64;

    private CallGrammars() {}

    /**
     * The same grammar with a call between any two blanks, and not more than there is use for.
     *
     * @param parallel whether there may be more than one call
     */
    static String withoutBlankCalls(String grammar, boolean parallel) {
        return REPEATED.matcher(grammar).replaceAll(parallel ? "$1($2 space){1," + MOST_CALLS + "}" : "$1$2 space");
    }
}
