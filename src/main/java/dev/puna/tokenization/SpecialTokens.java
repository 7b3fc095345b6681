// SPDX-License-Identifier: Apache-2.0
package dev.puna.tokenization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the special tokens of a vocabulary stand in texts. llama.cpp looks for them before anything else, the longest first, and takes
 * each stretch between them by itself. Immutable. Source: llama.cpp b10488, llama-vocab.cpp, tokenizer_st_partition.
 */
public final class SpecialTokens {
    private final Map<Character, List<SpecialToken>> byFirstLetter = new HashMap<>();
    private final int longest;

    public SpecialTokens(List<SpecialToken> specials) {
        this.longest = specials.stream()
                .mapToInt(special -> special.text().length())
                .max()
                .orElse(0);
        for (var special : specials) {
            byFirstLetter.merge(special.text().charAt(0), List.of(special), SpecialTokens::longestFirst);
        }
    }

    private static List<SpecialToken> longestFirst(List<SpecialToken> some, List<SpecialToken> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        all.sort(
                Comparator.comparingInt((SpecialToken special) -> special.text().length())
                        .reversed());
        return all;
    }

    /**
     * Whether a special token begins at an index, so that what stands before and after it can be made tokens apart: no other one lies
     * across its ends, and it drops no white space before it.
     */
    boolean parts(String text, int at) {
        var found = longestAt(text, at);
        if (found.isEmpty() || found.get().stripsLeft() || crosses(text, at)) {
            return false;
        }
        var end = at + found.get().text().length();
        for (var from = at + 1; from < end; from++) {
            if (endOfLongestAt(text, from) > end) {
                return false;
            }
        }
        return true;
    }

    /** Whether a special token ends or begins at an index, or lies across it. */
    boolean touches(String text, int at) {
        if (longestAt(text, at).isPresent()) {
            return true;
        }
        for (var from = Math.max(0, at - longest); from < at; from++) {
            if (endOfLongestAt(text, from) >= at) {
                return true;
            }
        }
        return false;
    }

    private boolean crosses(String text, int at) {
        for (var from = Math.max(0, at - longest + 1); from < at; from++) {
            if (endOfLongestAt(text, from) > at) {
                return true;
            }
        }
        return false;
    }

    private int endOfLongestAt(String text, int at) {
        return longestAt(text, at).map(special -> at + special.text().length()).orElse(at);
    }

    private Optional<SpecialToken> longestAt(String text, int at) {
        if (at >= text.length()) {
            return Optional.empty();
        }
        for (var special : byFirstLetter.getOrDefault(text.charAt(at), List.of())) {
            if (text.startsWith(special.text(), at)) {
                return Optional.of(special);
            }
        }
        return Optional.empty();
    }
}
