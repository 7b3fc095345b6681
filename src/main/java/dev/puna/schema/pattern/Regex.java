// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

import java.util.List;

/** A regular expression without anchors, which matches whole strings. */
public sealed interface Regex {
    /** Stands for no upper bound. */
    long UNBOUNDED = -1;

    /** One character of a set. */
    record Chars(CharSet set) implements Regex {}

    /** One part after the other. */
    record Sequence(List<Regex> parts) implements Regex {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** One of several. */
    record Choice(List<Regex> alternatives) implements Regex {
        public Choice {
            alternatives = List.copyOf(alternatives);
        }
    }

    /**
     * The same several times.
     *
     * @param most {@link #UNBOUNDED} for any number
     */
    record Repeat(Regex of, long least, long most) implements Regex {}

    /** Any text. */
    static Regex anything() {
        return new Repeat(new Chars(CharSet.ALL), 0, UNBOUNDED);
    }

    static Regex text(String text) {
        return new Sequence(text.codePoints()
                .<Regex>mapToObj(codePoint -> new Chars(CharSet.of(codePoint)))
                .toList());
    }

    /** Code points of the shortest match. */
    default long shortest() {
        return switch (this) {
            case Chars _ -> 1;
            case Sequence(var parts) ->
                parts.stream().mapToLong(Regex::shortest).reduce(0, Regex::sum);
            case Choice(var alternatives) ->
                alternatives.stream().mapToLong(Regex::shortest).min().orElse(0);
            case Repeat repeat -> times(repeat.of.shortest(), repeat.least);
        };
    }

    /** Code points of the longest match, or {@link #UNBOUNDED}. */
    default long longest() {
        return switch (this) {
            case Chars _ -> 1;
            case Sequence(var parts) -> parts.stream().mapToLong(Regex::longest).reduce(0, Regex::sum);
            case Choice(var alternatives) ->
                alternatives.stream()
                        .mapToLong(Regex::longest)
                        .reduce(0, (one, other) -> one < 0 || other < 0 ? UNBOUNDED : Math.max(one, other));
            case Repeat repeat -> {
                long each = repeat.of.longest();
                long most = repeat.most;
                yield each == 0 || most == 0 ? 0 : each < 0 || most < 0 ? UNBOUNDED : times(each, most);
            }
        };
    }

    /** Whether something is repeated without bound that may be nothing, which a grammar could do for ever. */
    default boolean loopsOnNothing() {
        return switch (this) {
            case Chars _ -> false;
            case Sequence(var parts) -> parts.stream().anyMatch(Regex::loopsOnNothing);
            case Choice(var alternatives) -> alternatives.stream().anyMatch(Regex::loopsOnNothing);
            case Repeat repeat -> (repeat.most < 0 && repeat.of.shortest() == 0) || repeat.of.loopsOnNothing();
        };
    }

    /** Characters in it when each repetition is written out, to the fewest where it has no bound. */
    default long positions() {
        return switch (this) {
            case Chars _ -> 1;
            case Sequence(var parts) ->
                parts.stream().mapToLong(Regex::positions).reduce(0, Regex::sum);
            case Choice(var alternatives) ->
                alternatives.stream().mapToLong(Regex::positions).reduce(0, Regex::sum);
            case Repeat repeat ->
                times(repeat.of.positions(), Math.max(1, repeat.most < 0 ? repeat.least : repeat.most));
        };
    }

    /**
     * A bound on the positions at which the next character may be at once: what a text of one length has gone through cannot be
     * told from its length after the first part of variable length.
     */
    default long positionsAtOnce() {
        return switch (this) {
            case Chars _ -> 1;
            case Choice(var alternatives) ->
                alternatives.stream().mapToLong(Regex::positionsAtOnce).reduce(0, Regex::sum);
            case Repeat repeat -> repeat.of.isOfOneLength() ? repeat.of.positionsAtOnce() : positions();
            case Sequence(var parts) -> {
                long most = 0;
                int at = 0;
                while (at < parts.size() && parts.get(at).isOfOneLength()) {
                    most = Math.max(most, parts.get(at++).positionsAtOnce());
                }
                if (at == parts.size()) {
                    yield most;
                }
                long open = parts.get(at).positionsAtOnce();
                yield Math.max(most, sum(open, new Sequence(parts.subList(at + 1, parts.size())).positions()));
            }
        };
    }

    private boolean isOfOneLength() {
        return shortest() == longest();
    }

    private static long sum(long one, long other) {
        return one < 0 || other < 0 ? UNBOUNDED : Math.min(Integer.MAX_VALUE, one + other);
    }

    private static long times(long one, long other) {
        return Math.min(Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, one) * Math.min(Integer.MAX_VALUE, other));
    }
}
