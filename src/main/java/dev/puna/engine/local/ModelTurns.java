// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import dev.puna.engine.ComputeTurns;
import dev.puna.engine.StepClock;
import dev.puna.llama.StepOutcome;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The turns that one model takes for its steps, each of which it tells to the {@link StepClock} from its beginning in its turn to its
 * end. <b>Threads:</b> any, one at a time within a turn.
 */
final class ModelTurns {
    /**
     * Seconds that the first step of a size may take on a device: drivers compile programs for it then, weights are fetched, and how fast
     * it is is not known.
     */
    static final int FIRST = 600;

    /** Seconds that any other may take on a device, and how many times what the last one of its size took. */
    static final int LEAST = 30;

    static final int FACTOR = 20;

    private final ComputeTurns turns;
    private final StepClock clock;
    private final boolean onDevices;

    /** Seconds that the last whole step took, for each power of two of its rows, pictures apart; 0 if there was none. */
    private final double[] last = new double[2 * Integer.SIZE];

    /**
     * @param onDevices whether any of the model is on a GPU or the like, so that how much processor time a step uses tells nothing
     */
    ModelTurns(ComputeTurns turns, StepClock clock, boolean onDevices) {
        this.turns = turns;
        this.clock = clock;
        this.onDevices = onDevices;
    }

    /**
     * Waits for a turn and computes so many rows in it.
     *
     * @param rows at least 1
     */
    <T> T take(int rows, Supplier<T> step) {
        return take(rows, step, _ -> {});
    }

    /**
     * The same.
     *
     * @param took told within the turn how many nanoseconds the step has taken, if it was done whole
     */
    <T> T take(int rows, Supplier<T> step, LongConsumer took) {
        return timed(size(rows), step, took);
    }

    /** The same for a picture that is encoded to so many tokens. */
    <T> T encode(int tokens, Supplier<T> step) {
        return timed(Integer.SIZE + size(tokens), step, _ -> {});
    }

    private <T> T timed(int size, Supplier<T> step, LongConsumer took) {
        return turns.take(() -> {
            var begun = System.nanoTime();
            clock.begin(onDevices ? longest(last[size]) : 0);
            try {
                var result = step.get();
                if (!(result instanceof StepOutcome outcome) || outcome == StepOutcome.DONE) {
                    var nanos = System.nanoTime() - begun;
                    last[size] = (double) nanos / TimeUnit.SECONDS.toNanos(1);
                    took.accept(nanos);
                }
                return result;
            } finally {
                clock.end();
            }
        });
    }

    /** Seconds, after one of the same size has taken so many. */
    static int longest(double last) {
        return last == 0 ? FIRST : (int) Math.min(LEAST + FACTOR * last, Integer.MAX_VALUE);
    }

    private static int size(int rows) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(rows);
    }
}
