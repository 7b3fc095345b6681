// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import static java.util.Objects.requireNonNull;

/**
 * What a generation may consist of.
 *
 * @param gbnf rules in llama.cpp's notation, beginning at {@code root}
 * @param lazy whether it holds only from the first trigger on
 * @param triggersJson the triggers of an applied chat format, a JSON array
 * @param preservedTokensJson control tokens to write out as text, a JSON array of their names
 */
public record Grammar(String gbnf, boolean lazy, String triggersJson, String preservedTokensJson) {
    public Grammar {
        requireNonNull(gbnf, "gbnf is null");
        requireNonNull(triggersJson, "triggersJson is null");
        requireNonNull(preservedTokensJson, "preservedTokensJson is null");
    }

    /** A grammar that holds from the first token on. */
    public static Grammar of(String gbnf) {
        return new Grammar(gbnf, false, "[]", "[]");
    }
}
