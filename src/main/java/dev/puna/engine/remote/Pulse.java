// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.StepClock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a process now and then whether it is there, and notices that it says nothing for long, or goes on for ever with one step. Time is
 * counted in beats of this process's own, so that one which was stopped itself (a suspended machine, a debugger) blames nobody. Any
 * thread.
 */
final class Pulse implements AutoCloseable {
    /** After which a process is taken for dead, to within a beat. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);

    /** After which one that has just been started, and may have drivers to load, is. */
    static final Duration LONGEST_START = Duration.ofSeconds(60);

    private static final Duration BEAT = Duration.ofSeconds(1);

    private final RunnerEnvironment.Beats source;
    private final Runnable ask;
    private final Consumer<String> stuck;
    private final StepWatch steps;
    private @Nullable Runnable beats;
    private Duration patience = LONGEST_START;
    private StepClock.Step step = StepClock.Step.NONE;
    private boolean asked;
    private boolean closed;
    private int silence;

    /**
     * @param source of the beats
     * @param ask asks it; must not wait
     * @param runner the process
     * @param stuck told once, when it is taken for dead, why; must not wait
     */
    Pulse(RunnerEnvironment.Beats source, Runnable ask, Runner runner, Consumer<String> stuck) {
        this.source = source;
        this.ask = ask;
        this.stuck = stuck;
        this.steps = new StepWatch(runner);
    }

    synchronized void begin() {
        if (!closed && beats == null) {
            beats = source.every(BEAT, this::beat);
        }
    }

    /** It has said something. */
    synchronized void heard() {
        patience = LONGEST_SILENCE;
        asked = false;
        silence = 0;
    }

    /** It has said which step is under way. */
    synchronized void heard(StepClock.Step underWay) {
        step = underWay;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (beats != null) {
            beats.run();
        }
    }

    private void beat() {
        var reason = judge();
        if (!reason.isEmpty()) {
            close();
            stuck.accept(reason);
        } else if (mustAsk()) {
            ask.run();
        }
    }

    /** Why it is taken for dead; empty if it is not. */
    private synchronized String judge() {
        if (asked) {
            silence++;
            return silence < patience.toSeconds() ? "" : "it did not answer for " + silence + " s";
        }
        return steps.beat(step);
    }

    private synchronized boolean mustAsk() {
        var must = !asked;
        asked = true;
        step = must ? StepClock.Step.NONE : step;
        return must;
    }
}
