// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A growable list of token ids without boxing. Not thread-safe. */
final class TokenList {

    private int[] ids;
    private int size;

    TokenList(int[] initial) {
        ids = initial.clone();
        size = initial.length;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return ids[index];
    }

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, Math.max(16, size * 2));
        }
        ids[size++] = id;
    }

    /** Forgets everything from an index on. */
    void truncate(int newSize) {
        size = newSize;
    }

    /** Takes out the tokens of {@code [from, to)}. */
    void removeRange(int from, int to) {
        System.arraycopy(ids, to, ids, from, size - to);
        size -= to - from;
    }

    /** The first {@code count} tokens, as an array of one's own. */
    int[] head(int count) {
        return Arrays.copyOf(ids, count);
    }

    /** How many tokens from the start are the same in both. */
    int commonPrefix(TokenList other) {
        var limit = Math.min(size, other.size);
        var mismatch = Arrays.mismatch(ids, 0, limit, other.ids, 0, limit);
        return mismatch < 0 ? limit : mismatch;
    }

    static List<Integer> boxed(int[] ids) {
        return IntStream.of(ids).boxed().toList();
    }

    static int[] unboxed(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
