// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

/**
 * Notices a model that only repeats itself: the same token, spaces aside, more than 30 times in a row.
 *
 * <p>The rule is the wire contract's (section 1.4). Not thread-safe.
 */
final class RepetitionGuard {

    private static final int LIMIT = 30;

    private String last = "";
    private int repeats;

    /** Whether this token is one repetition too many. */
    boolean repeatsTooOften(String token) {
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
