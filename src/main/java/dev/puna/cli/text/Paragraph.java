// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Breaks one line of text between words so that the lines come out as even as they can. */
final class Paragraph {
    private static final long TOO_LONG = 100_000;

    private Paragraph() {}

    /** The lines; none is wider than {@code width} unless a single word is. */
    static List<String> wrap(String line, int width) {
        if (Width.of(line) <= width) {
            return List.of(line);
        }
        var words = line.split(" ", -1);
        var limit =
                Math.max(width, Arrays.stream(words).mapToInt(Width::of).max().orElse(0));
        return lines(words, nextBreaks(words, limit));
    }

    /**
     * For each word the start of the line after the one that it starts, such that the squares of what stays empty, the last
     * line's apart, add up to the least.
     */
    private static int[] nextBreaks(String[] words, int limit) {
        var count = words.length;
        var cost = new long[count + 1];
        var next = new int[count];
        for (var start = count - 1; start >= 0; start--) {
            cost[start] = Long.MAX_VALUE;
            var length = -1;
            for (var end = start + 1; end <= count; end++) {
                length += 1 + Width.of(words[end - 1]);
                if (length > limit && end > start + 1) {
                    break;
                }
                var empty = (long) (limit - length);
                var total = end == count ? 0 : cost[end] + empty * empty + (length > limit ? TOO_LONG : 0);
                if (total < cost[start]) {
                    cost[start] = total;
                    next[start] = end;
                }
            }
        }
        return next;
    }

    private static List<String> lines(String[] words, int[] next) {
        var lines = new ArrayList<String>();
        for (var start = 0; start < words.length; start = next[start]) {
            lines.add(String.join(" ", Arrays.asList(words).subList(start, next[start])));
        }
        return lines;
    }
}
