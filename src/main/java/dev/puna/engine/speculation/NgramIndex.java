// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.speculation;

import dev.puna.engine.token.TokenList;

/**
 * Where a few tokens in a row stood before, by a hash of them: what is found may be others, so whoever uses it compares the tokens.
 *
 * <p>Takes 8 to 16 bytes for each token of the list. <b>Threads:</b> one at a time.
 */
final class NgramIndex {

    private static final int LEAST = 256;

    private final int length;

    /** The last index behind tokens in a row, by their hash; 0 for none. */
    private int[] last = new int[0];

    /** The index before an index that has the same hash; 0 for none. */
    private int[] earlier = new int[0];

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
        if (size > last.length || size < next) {
            var capacity = Math.max(LEAST, Integer.highestOneBit(size) * 2);
            last = new int[capacity];
            earlier = new int[capacity];
            next = length;
        }
        for (; next < size; next++) {
            var slot = slot(tokens, next);
            earlier[next] = last[slot];
            last[slot] = next;
        }
    }

    /** The index behind the last place where the last tokens of the list may have stood before; 0 if there is none. */
    int last(TokenList tokens) {
        return tokens.size() < length ? 0 : last[slot(tokens, tokens.size())];
    }

    /** The index behind the place before a place that was found; 0 if there is none. */
    int earlier(int index) {
        return earlier[index];
    }

    private int slot(TokenList tokens, int end) {
        var hash = 0;
        for (var index = end - length; index < end; index++) {
            hash = hash * 0x9E3779B1 + tokens.get(index);
        }
        hash = (hash ^ hash >>> 15) * 0x85EBCA6B;
        return (hash ^ hash >>> 13) & (last.length - 1);
    }
}
