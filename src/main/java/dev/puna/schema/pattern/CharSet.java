// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of Unicode code points.
 *
 * @param ranges sorted, neither overlapping nor touching
 */
public record CharSet(List<Range> ranges) {
    public static final int LAST = Character.MAX_CODE_POINT;
    public static final CharSet NONE = new CharSet(List.of());
    public static final CharSet ALL = of(0, LAST);
    static final CharSet DIGITS = of('0', '9');
    static final CharSet WORD = DIGITS.or(of('A', 'Z')).or(of('a', 'z')).or(of('_', '_'));
    static final CharSet LINE_ENDS = of('\n', '\n').or(of('\r', '\r')).or(of(0x2028, 0x2029));
    static final CharSet SPACES = of('\t', '\r')
            .or(of(' ', ' '))
            .or(of(0xA0, 0xA0))
            .or(of(0x1680, 0x1680))
            .or(of(0x2000, 0x200A))
            .or(of(0x2028, 0x2029))
            .or(of(0x202F, 0x202F))
            .or(of(0x205F, 0x205F))
            .or(of(0x3000, 0x3000))
            .or(of(0xFEFF, 0xFEFF));

    /** Spaces by every dialect of regular expressions. */
    static final CharSet PLAIN_SPACES = of('\t', '\r').or(of(' ', ' '));

    /** Ends of lines by some dialect. */
    static final CharSet ALL_LINE_ENDS = LINE_ENDS.or(of(0x85));

    /** Both ends belong to it. */
    public record Range(int from, int to) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Range that && from == that.from && to == that.to;
        }
    }

    public CharSet {
        ranges = List.copyOf(ranges);
    }

    public static CharSet of(int from, int to) {
        return new CharSet(List.of(new Range(from, to)));
    }

    public static CharSet of(int codePoint) {
        return of(codePoint, codePoint);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    public boolean contains(int codePoint) {
        return ranges.stream().anyMatch(range -> range.from <= codePoint && codePoint <= range.to);
    }

    public CharSet or(CharSet other) {
        return anyOf(List.of(this, other));
    }

    /** What is in one of them at least. */
    static CharSet anyOf(List<CharSet> sets) {
        var all = new ArrayList<Range>();
        sets.forEach(set -> all.addAll(set.ranges));
        all.sort(Comparator.comparingInt(Range::from));
        var merged = new ArrayList<Range>();
        for (var range : all) {
            var last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && range.from <= last.to + 1) {
                merged.set(merged.size() - 1, new Range(last.from, Math.max(last.to, range.to)));
            } else {
                merged.add(range);
            }
        }
        return new CharSet(merged);
    }

    public CharSet not() {
        var gaps = new ArrayList<Range>();
        int next = 0;
        for (var range : ranges) {
            if (next < range.from) {
                gaps.add(new Range(next, range.from - 1));
            }
            next = range.to + 1;
        }
        if (next <= LAST) {
            gaps.add(new Range(next, LAST));
        }
        return new CharSet(gaps);
    }

    public CharSet and(CharSet other) {
        return not().or(other.not()).not();
    }

    public CharSet without(CharSet other) {
        return and(other.not());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CharSet that && ranges.equals(that.ranges);
    }
}
