// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a process now and then whether it is there, and notices that it says nothing for long. Silence is counted in beats of this
 * process's own, so that one which was stopped itself (a suspended machine, a debugger) blames nobody. Any thread.
 */
final class Pulse implements AutoCloseable {
    /** After which a process is taken for dead, to within a beat. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);

    private static final Duration BEAT = Duration.ofSeconds(1);

    private static final ScheduledExecutorService BEATS = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("runner-pulse").daemon().factory());

    private final Runnable ask;
    private final Runnable silent;
    private @Nullable Future<?> beats;
    private boolean asked;
    private boolean closed;
    private int silence;

    /**
     * @param ask asks it; must not wait
     * @param silent run once it is taken for dead; must not wait
     */
    Pulse(Runnable ask, Runnable silent) {
        this.ask = ask;
        this.silent = silent;
    }

    synchronized void begin() {
        if (!closed && beats == null) {
            beats = BEATS.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** It has said something. */
    synchronized void heard() {
        asked = false;
        silence = 0;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (beats != null) {
            beats.cancel(false);
        }
    }

    private void beat() {
        if (isSilent()) {
            close();
            silent.run();
        }
    }

    private synchronized boolean isSilent() {
        if (!asked) {
            asked = true;
            ask.run();
            return false;
        }
        silence++;
        return silence >= LONGEST_SILENCE.dividedBy(BEAT);
    }
}
