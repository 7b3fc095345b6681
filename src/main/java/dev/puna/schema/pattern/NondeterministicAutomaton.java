// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongConsumer;

/** An automaton with empty steps, as a regular expression gives it. State 0 is the first; one state accepts. */
final class NondeterministicAutomaton {
    private static final int MOST_STATES = 20_000;

    /** Characters between two reports of work. */
    private static final int BATCH = 16;

    /** A step with one character of a set. */
    record Edge(CharSet on, int to) {}

    private final List<List<Edge>> edges = new ArrayList<>();
    private final List<List<Integer>> empty = new ArrayList<>();
    private final int last;

    NondeterministicAutomaton(Regex regex) {
        int first = state();
        this.last = add(regex, first);
    }

    int last() {
        return last;
    }

    List<Edge> edges(int state) {
        return edges.get(state);
    }

    /** Whether it accepts a whole text. */
    boolean matches(String text, LongConsumer work) {
        var states = new BitSet();
        states.set(0);
        states = closure(states);
        int at = 0;
        while (at < text.length() && !states.isEmpty()) {
            int batch = 0;
            long looks = 0;
            for (; at < text.length() && batch < BATCH && !states.isEmpty(); batch++) {
                int codePoint = text.codePointAt(at);
                at += Character.charCount(codePoint);
                var next = new BitSet();
                for (int state = states.nextSetBit(0); state >= 0; state = states.nextSetBit(state + 1)) {
                    looks++;
                    for (var edge : edges.get(state)) {
                        if (edge.on().contains(codePoint)) {
                            next.set(edge.to());
                        }
                    }
                }
                states = closure(next);
            }
            work.accept(1 + looks / Automaton.CHEAP);
        }
        return states.get(last);
    }

    /** The states, and all that empty steps lead to. */
    BitSet closure(BitSet states) {
        var all = (BitSet) states.clone();
        var waiting = new ArrayList<Integer>();
        states.stream().forEach(waiting::add);
        while (!waiting.isEmpty()) {
            for (int next : empty.get(waiting.removeLast())) {
                if (!all.get(next)) {
                    all.set(next);
                    waiting.add(next);
                }
            }
        }
        return all;
    }

    private int state() {
        if (edges.size() >= MOST_STATES) {
            throw new TooManyStates();
        }
        edges.add(new ArrayList<>());
        empty.add(new ArrayList<>());
        return edges.size() - 1;
    }

    private void skip(int from, int to) {
        empty.get(from).add(to);
    }

    /** Adds the expression behind a state; the state that is reached with it. */
    private int add(Regex regex, int from) {
        switch (regex) {
            case Regex.Chars(var set) -> {
                int to = state();
                edges.get(from).add(new Edge(set, to));
                return to;
            }
            case Regex.Sequence(var parts) -> {
                int at = from;
                for (var part : parts) {
                    at = add(part, at);
                }
                return at;
            }
            case Regex.Choice(var alternatives) -> {
                int to = state();
                for (var alternative : alternatives) {
                    int start = state();
                    skip(from, start);
                    skip(add(alternative, start), to);
                }
                return to;
            }
            case Regex.Repeat(var of, var least, var most) -> {
                return repeat(of, least, most, from);
            }
        }
    }

    private int repeat(Regex of, long least, long most, int from) {
        int at = from;
        for (long i = 0; i < least; i++) {
            at = add(of, at);
        }
        if (most < 0) {
            int loop = state();
            skip(at, loop);
            skip(add(of, loop), loop);
            int to = state();
            skip(loop, to);
            return to;
        }
        int to = state();
        skip(at, to);
        for (long i = least; i < most; i++) {
            int start = state();
            skip(at, start);
            at = add(of, start);
            skip(at, to);
        }
        return to;
    }
}
