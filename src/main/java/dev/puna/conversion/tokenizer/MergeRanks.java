// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.failure.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which two neighbouring tokens become one, and which such pair goes first. Some 60 bytes a merge while it lives. <b>Threads:</b> one.
 */
final class MergeRanks {
    private static final int NONE = -1;

    private final long seed = ThreadLocalRandom.current().nextLong() | 1;
    private final long[] pairs;
    private final int[] ranks;
    private final int[] merged;

    /** Looks the parts of all merges up; refuses one whose parts or whole the vocabulary lacks. */
    MergeRanks(TokenizerJson file) {
        var merges = file.merges();
        var pieces = file.pieces();
        var marked = file.model().text("continuing_subword_prefix").orElse("").length();
        pairs = new long[Integer.highestOneBit(Math.max(1, merges.count())) * 4];
        ranks = new int[pairs.length];
        Arrays.fill(ranks, NONE);
        merged = new int[merges.count()];
        for (var rank = 0; rank < merges.count(); rank++) {
            var merge = merges.get(rank);
            var middle = 0;
            while (merge[middle] != TokenizerReader.BETWEEN) {
                middle++;
            }
            var left = id(pieces, merge, 0, middle);
            var right = id(pieces, merge, middle + 1, merge.length);
            var whole = Arrays.copyOf(merge, Math.max(middle, merge.length - 1 - marked));
            System.arraycopy(merge, middle + 1 + marked, whole, middle, whole.length - middle);
            merged[rank] = id(pieces, whole, 0, whole.length);
            var place = place(left, right);
            pairs[place] = pair(left, right);
            ranks[place] = rank;
        }
    }

    /** The rank of a pair, the least goes first; -1 for one that stays apart. */
    int rank(int left, int right) {
        return ranks[place(left, right)];
    }

    /** What becomes of the pair with this rank. */
    int merged(int rank) {
        return merged[rank];
    }

    private int place(int left, int right) {
        var pair = pair(left, right);
        var hash = pair * seed;
        hash = (hash ^ hash >>> 32) * 0x9E3779B97F4A7C15L;
        for (var place = (int) (hash >>> 32); ; place++) {
            var at = place & pairs.length - 1;
            if (ranks[at] == NONE || pairs[at] == pair) {
                return at;
            }
        }
    }

    private static long pair(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    private static int id(Pieces pieces, byte[] text, int from, int to) {
        var id = pieces.id(text, from, to);
        if (id < 0) {
            throw new InvalidRequest(TokenizerJson.FILE + " merges to or from "
                    + Quoted.of(new String(text, from, to - from, StandardCharsets.UTF_8))
                    + ", which its vocabulary lacks");
        }
        return id;
    }
}
