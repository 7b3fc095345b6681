// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.model.AdapterScales;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Sequences that compute with the same adapters, as all of one step must: such sets take turns.
 *
 * <p>Whenever a context gets other adapters llama.cpp lays out its graph anew, which takes about as long as a step. So a set
 * goes on for as long as the others may wait, then comes the one that has waited longest. <b>Threads:</b> the decode loop's.
 *
 * @param <S> what takes turns
 */
final class AdapterTurns<S> {

    /** All other sets together have no more than this, or a step each, before it is a set's turn again. */
    private static final long LONGEST_WAIT = 40_000_000;

    private final boolean needed;
    private final LongSupplier nanoTime;
    private final Function<S, AdapterScales> adapters;

    /** All sets of which there are sequences; the one that has waited longest is the first. */
    private final List<Turn> turns = new ArrayList<>();

    private Turn current = new Turn(AdapterScales.ALL);
    private long since;

    /**
     * @param needed whether the model has adapters
     * @param nanoTime a clock such as {@link System#nanoTime}
     * @param adapters those of a sequence
     */
    AdapterTurns(boolean needed, LongSupplier nanoTime, Function<S, AdapterScales> adapters) {
        this.needed = needed;
        this.nanoTime = nanoTime;
        this.adapters = adapters;
    }

    /**
     * Those that can run and whose set has its turn; none only if none can run.
     *
     * @param active all sequences, also those that cannot run now
     */
    List<S> next(List<S> active, List<S> ready) {
        if (!needed || ready.isEmpty()) {
            return ready;
        }
        turns.removeIf(turn -> turn != current && !has(active, turn));
        active.forEach(this::join);
        var waiting = turns.stream()
                .filter(turn -> turn != current && has(ready, turn))
                .toList();
        var now = nanoTime.getAsLong();
        if (!has(ready, current) || (!waiting.isEmpty() && now - since >= LONGEST_WAIT / waiting.size())) {
            current = waiting.getFirst();
            turns.remove(current);
            turns.add(current);
            since = now;
        }
        return ready.stream().filter(sequence -> isOf(current, sequence)).toList();
    }

    /** The set whose turn it is. */
    Turn current() {
        return current;
    }

    private void join(S sequence) {
        if (isOf(current, sequence)) {
            return;
        }
        for (var turn : turns) {
            if (isOf(turn, sequence)) {
                return;
            }
        }
        turns.add(new Turn(adapters.apply(sequence)));
    }

    private boolean has(List<S> sequences, Turn turn) {
        for (var sequence : sequences) {
            if (isOf(turn, sequence)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOf(Turn turn, S sequence) {
        return turn.adapters.equals(adapters.apply(sequence));
    }

    /** One set. */
    static final class Turn {
        final AdapterScales adapters;

        /** The number of the last turn that its sequences had which share steps. */
        long shared;

        Turn(AdapterScales adapters) {
            this.adapters = adapters;
        }
    }
}
