// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.speculation;

import dev.puna.engine.token.TokenList;

/**
 * Where a few tokens in a row stood last, by a hash of them: an answer may be wrong, so whoever uses it compares the tokens.
 *
 * <p>Takes 4 to 8 bytes for each token of the list. <b>Threads:</b> one at a time.
 */
final class NgramIndex {

    private static final int LEAST = 256;

    private final int length;

    /** Indexes behind the tokens in a row, by their hash; 0 for none. */
    private int[] ends = new int[0];

    /** The end of the first tokens that are not in the table yet. */
    private int next;

    /** {@code length}: how many tokens in a row. */
    NgramIndex(int length) {
        this.length = length;
        this.next = length;
    }

    /** Takes in the tokens of a list that has grown, all but its last ones, which would only be found themselves. */
    void follow(TokenList tokens) {
        var size = tokens.size();
        if (size > ends.length || size < next) {
            ends = new int[Math.max(LEAST, Integer.highestOneBit(size) * 2)];
            next = length;
        }
        for (; next < size; next++) {
            ends[slot(tokens, next)] = next;
        }
    }

    /** The index behind the place where the last tokens of the list may have stood before; 0 if there is none. */
    int find(TokenList tokens) {
        return tokens.size() < length ? 0 : ends[slot(tokens, tokens.size())];
    }

    private int slot(TokenList tokens, int end) {
        var hash = 0;
        for (var index = end - length; index < end; index++) {
            hash = hash * 0x9E3779B1 + tokens.get(index);
        }
        hash = (hash ^ hash >>> 15) * 0x85EBCA6B;
        return (hash ^ hash >>> 13) & (ends.length - 1);
    }
}
