// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.token.TokenList;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the last few prompts had in common at their beginnings. A prompt that goes on where another one ended is the same conversation,
 * and has nothing in common with it in this sense. <b>Threads:</b> the decode loop's.
 */
final class SharedBeginnings {
    private static final int PROMPTS = 8;

    /**
     * So many tokens at the end of a conversation's prompt may be written otherwise when it is an earlier part of another, as an empty
     * thought is. What a template writes behind a question is longer.
     */
    private static final int LONGEST_CHANGE = 4;

    private final Deque<TokenList> recent = new ArrayDeque<>();

    /**
     * Takes a prompt up to its first image; returns how many tokens from its start another prompt had, too.
     *
     * @param conversation whether a template has made it
     */
    int note(TokenList prompt, boolean conversation) {
        var change = conversation ? LONGEST_CHANGE : 0;
        var text = prompt.first(prompt.endOfText(0));
        var longest = 0;
        for (var others = recent.iterator(); others.hasNext(); ) {
            var other = others.next();
            var common = other.commonPrefix(text);
            if (goesOn(other, text, common + change)) {
                others.remove();
            } else if (!goesOn(text, other, common + change)) {
                longest = Math.max(longest, common);
            }
        }
        recent.addLast(text);
        if (recent.size() > PROMPTS) {
            recent.removeFirst();
        }
        return longest;
    }

    private static boolean goesOn(TokenList beginning, TokenList whole, int common) {
        return whole.size() > beginning.size() && common >= beginning.size();
    }
}
