// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.response;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Keeps the reading of answers from slowing their generation, which happens on the same thread: reading costs more the longer an
 * answer is, so it is done less often then. All shares together take about a hundredth of the time, until that would
 * make a stream stutter. <b>Threads:</b> any for {@link #share}; a share belongs to one answer.
 */
public final class ParsingTime {

    /** How many times what a reading cost must pass before the next one. */
    private static final int PAUSE = 100;

    /** A pause longer than this is seen. */
    private static final long LONGEST_PAUSE = 200_000_000;

    private final LongSupplier clock;
    private final AtomicInteger shares = new AtomicInteger();

    /** Counts by a clock that tells nanoseconds. */
    public ParsingTime(LongSupplier clock) {
        this.clock = clock;
    }

    /** A share for one more answer; the caller gives it back. */
    public Share share() {
        shares.incrementAndGet();
        return new Share();
    }

    /** What one answer may take. */
    final class Share {
        private long started;
        private long next = clock.getAsLong();

        /** Whether the answer may be read now. */
        boolean due() {
            return clock.getAsLong() - next >= 0;
        }

        void begin() {
            started = clock.getAsLong();
        }

        void end() {
            var now = clock.getAsLong();
            next = now + Math.min(LONGEST_PAUSE, (now - started) * PAUSE * Math.max(1, shares.get()));
        }

        void giveBack() {
            shares.decrementAndGet();
        }
    }
}
