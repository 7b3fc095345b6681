// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Times of one request. Any thread; {@link #loaded()} is called once, before the answer's first chunk. */
public final class RequestClock {
    private final LongSupplier nanoTime;
    private final Supplier<Instant> wallTime;
    private final long started;
    private volatile long loaded;

    private RequestClock(LongSupplier nanoTime, Supplier<Instant> wallTime) {
        this.nanoTime = nanoTime;
        this.wallTime = wallTime;
        this.started = nanoTime.getAsLong();
        this.loaded = started;
    }

    /** A clock that begins to run now. */
    public static RequestClock start() {
        return new RequestClock(System::nanoTime, Instant::now);
    }

    /** One that begins to run now, by clocks of the caller's. */
    public static RequestClock start(LongSupplier nanoTime, Supplier<Instant> wallTime) {
        return new RequestClock(nanoTime, wallTime);
    }

    /** The model is ready: what comes from now on is no longer loading. */
    public void loaded() {
        loaded = nanoTime.getAsLong();
    }

    /** The time of day. */
    public Instant now() {
        return wallTime.get();
    }

    /** Nanoseconds since the request came. */
    public long totalNanos() {
        return nanoTime.getAsLong() - started;
    }

    /** Nanoseconds from then until the model was ready. */
    public long loadNanos() {
        return loaded - started;
    }
}
