// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

/**
 * Notices a model that only repeats itself: the same text of a token, spaces aside, more than 100 times in a row.
 *
 * <p>Of characters that take several tokens only whole ones count. The rule is that of Ollama 0.40. Not thread-safe.
 */
final class RepetitionGuard {

    private static final int LIMIT = 100;

    private String last = "";
    private int repeats;

    /**
     * Whether this token is one repetition too many.
     *
     * @param token the characters that it completed; empty if it completed none, which is no repetition
     */
    boolean repeatsTooOften(String token) {
        if (token.isEmpty()) {
            return false;
        }
        var word = token.strip();
        if (word.equals(last)) {
            repeats++;
        } else {
            last = word;
            repeats = 0;
        }
        return repeats > LIMIT;
    }
}
