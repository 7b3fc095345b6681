// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic automaton over code points: a set of strings that can be met with others. State 0 is the first; where no step is
 * given, the string is not in the set.
 *
 * @param steps for each state the characters that lead to others, by their number
 */
public record Automaton(List<Map<Integer, CharSet>> steps, BitSet accepting) {
    private static final int MOST_STATES = 5_000;

    /** How many looks at a character or a state are one step of work. */
    static final int CHEAP = 64;

    public Automaton {
        steps = List.copyOf(steps);
    }

    /**
     * The strings that an expression matches.
     *
     * @param work is told what it costs
     */
    public static Automaton of(Regex regex, LongConsumer work) {
        var automaton = new NondeterministicAutomaton(regex);
        var start = new BitSet();
        start.set(0);
        return explore(
                automaton.closure(start),
                states -> states.get(automaton.last()),
                states -> steps(automaton, states, work));
    }

    private static Map<BitSet, CharSet> steps(NondeterministicAutomaton automaton, BitSet states, LongConsumer work) {
        var edges =
                states.stream().mapToObj(automaton::edges).flatMap(List::stream).toList();
        var borders = new TreeSet<Integer>();
        for (var edge : edges) {
            for (var range : edge.on().ranges()) {
                borders.add(range.from());
                borders.add(range.to() + 1);
            }
        }
        work.accept(1 + states.cardinality() / CHEAP + (long) edges.size() * borders.size() / CHEAP);
        var steps = new LinkedHashMap<BitSet, CharSet>();
        for (int from : borders) {
            var next = new BitSet();
            edges.stream().filter(edge -> edge.on().contains(from)).forEach(edge -> next.set(edge.to()));
            if (!next.isEmpty()) {
                steps.merge(automaton.closure(next), CharSet.of(from, borders.higher(from) - 1), CharSet::or);
            }
        }
        return steps;
    }

    private record Pair(int one, int other) {
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Pair that && one == that.one && other == that.other;
        }
    }

    /** The strings that are in both. */
    public Automaton and(Automaton other, LongConsumer work) {
        return explore(new Pair(0, 0), pair -> accepting.get(pair.one) && other.accepting.get(pair.other), pair -> {
            var next = new LinkedHashMap<Pair, CharSet>();
            work.accept(1
                    + (long) steps.get(pair.one).size()
                            * other.steps.get(pair.other).size()
                            / CHEAP);
            steps.get(pair.one).forEach((one, on) -> other.steps.get(pair.other).forEach((two, also) -> {
                var both = on.and(also);
                if (!both.isEmpty()) {
                    next.put(new Pair(one, two), both);
                }
            }));
            return next;
        });
    }

    /** All other strings. */
    public Automaton not() {
        int sink = steps.size();
        return explore(0, state -> state == sink || !accepting.get(state), state -> {
            if (state == sink) {
                return Map.of(sink, CharSet.ALL);
            }
            var next = new LinkedHashMap<>(steps.get(state));
            var rest = next.values().stream().reduce(CharSet.NONE, CharSet::or).not();
            if (!rest.isEmpty()) {
                next.merge(sink, rest, CharSet::or);
            }
            return next;
        });
    }

    /**
     * The strings of so many code points.
     *
     * @param most {@link Regex#UNBOUNDED} for any number
     */
    public Automaton ofLength(long least, long most) {
        long end = most < 0 ? least : most;
        if (end > MOST_STATES) {
            throw new TooManyStates();
        }
        return explore(new Pair(0, 0), pair -> accepting.get(pair.one) && pair.other >= least, pair -> {
            var next = new LinkedHashMap<Pair, CharSet>();
            if (most < 0 || pair.other < most) {
                int length = (int) Math.min(end, pair.other + 1L);
                steps.get(pair.one).forEach((state, on) -> next.put(new Pair(state, length), on));
            }
            return next;
        });
    }

    public boolean isEmpty() {
        return accepting.isEmpty();
    }

    private static <S> Automaton explore(S start, Predicate<S> accepts, Function<S, Map<S, CharSet>> next) {
        var numbers = new HashMap<S, Integer>();
        var found = new ArrayList<S>(List.of(start));
        var steps = new ArrayList<Map<Integer, CharSet>>();
        var accepting = new BitSet();
        numbers.put(start, 0);
        for (int i = 0; i < found.size(); i++) {
            if (found.size() > MOST_STATES) {
                throw new TooManyStates();
            }
            if (accepts.test(found.get(i))) {
                accepting.set(i);
            }
            var numbered = new LinkedHashMap<Integer, CharSet>();
            next.apply(found.get(i))
                    .forEach((state, on) -> numbered.merge(
                            numbers.computeIfAbsent(state, _ -> {
                                found.add(state);
                                return found.size() - 1;
                            }),
                            on,
                            CharSet::or));
            steps.add(numbered);
        }
        return new Automaton(steps, accepting).trimmed();
    }

    /** Without the states from which no string is accepted. */
    private Automaton trimmed() {
        var alive = (BitSet) accepting.clone();
        for (int before = -1; before != alive.cardinality(); ) {
            before = alive.cardinality();
            for (int i = steps.size() - 1; i >= 0; i--) {
                if (!alive.get(i) && steps.get(i).keySet().stream().anyMatch(alive::get)) {
                    alive.set(i);
                }
            }
        }
        var kept = new ArrayList<Map<Integer, CharSet>>();
        var renumbered = new HashMap<Integer, Integer>();
        alive.set(0);
        alive.stream().forEach(state -> renumbered.put(state, renumbered.size()));
        var accepts = new BitSet();
        alive.stream().forEach(state -> {
            var living = new LinkedHashMap<Integer, CharSet>();
            steps.get(state).forEach((to, on) -> {
                if (renumbered.containsKey(to) && (accepting.get(to) || hasWayOut(to, alive))) {
                    living.put(renumbered.get(to), on);
                }
            });
            if (accepting.get(state)) {
                accepts.set(kept.size());
            }
            kept.add(living);
        });
        return new Automaton(kept, accepts);
    }

    /** State 0 is kept even where nothing is accepted; steps back to it then lead nowhere. */
    private boolean hasWayOut(int state, BitSet alive) {
        return state != 0
                || accepting.get(0)
                || steps.get(0).keySet().stream().anyMatch(to -> to != 0 && alive.get(to));
    }
}
