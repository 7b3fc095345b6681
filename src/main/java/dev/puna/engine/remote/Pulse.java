// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a process now and then whether it is there, and notices that it says nothing for long. Silence is counted in beats of this
 * process's own, so that one which was stopped itself (a suspended machine, a debugger) blames nobody. Any thread.
 */
final class Pulse implements AutoCloseable {
    /** After which a process is taken for dead, to within a beat. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);

    /** After which one that has just been started, and may have drivers to load, is. */
    static final Duration LONGEST_START = Duration.ofSeconds(60);

    private static final Duration BEAT = Duration.ofSeconds(1);

    private final RunnerEnvironment.Beats source;
    private final Runnable ask;
    private final Consumer<Duration> silent;
    private @Nullable Runnable beats;
    private Duration patience = LONGEST_START;
    private boolean asked;
    private boolean closed;
    private int silence;

    /**
     * @param source of the beats
     * @param ask asks it; must not wait
     * @param silent told once, when it is taken for dead, after how long; must not wait
     */
    Pulse(RunnerEnvironment.Beats source, Runnable ask, Consumer<Duration> silent) {
        this.source = source;
        this.ask = ask;
        this.silent = silent;
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

    @Override
    public synchronized void close() {
        closed = true;
        if (beats != null) {
            beats.run();
        }
    }

    private void beat() {
        if (mustAsk()) {
            ask.run();
        } else if (isSilent()) {
            close();
            silent.accept(patience);
        }
    }

    private synchronized boolean mustAsk() {
        var must = !asked;
        asked = true;
        return must;
    }

    private synchronized boolean isSilent() {
        silence++;
        return silence >= patience.dividedBy(BEAT);
    }
}
