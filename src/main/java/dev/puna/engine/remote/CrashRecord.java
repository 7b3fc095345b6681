// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.failure.NativeFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Models whose processes ended while they loaded, which are not tried for ever. Any thread. */
final class CrashRecord {
    private static final int MOST = 3;
    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final Map<String, Deque<Crash>> crashes = new HashMap<>();

    /**
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    CrashRecord(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Crash(long when, String reason) {}

    synchronized void add(String model, String reason) {
        var of = crashes.computeIfAbsent(model, _ -> new ArrayDeque<>());
        of.add(new Crash(nanos.getAsLong(), reason));
        if (of.size() > MOST) {
            of.remove();
        }
    }

    /** It has loaded. */
    synchronized void forget(String model) {
        crashes.remove(model);
    }

    /**
     * Refuses a model that has crashed three times within a minute, for a minute from the last.
     *
     * @throws NativeFailure with the reason of the last
     */
    synchronized void requireFew(String model) {
        var of = crashes.get(model);
        if (of == null || of.size() < MOST) {
            return;
        }
        var last = of.getLast();
        var left = MEMORY.toNanos() - (nanos.getAsLong() - last.when());
        if (left <= 0) {
            crashes.remove(model);
            return;
        }
        if (last.when() - of.getFirst().when() <= MEMORY.toNanos()) {
            throw new NativeFailure(
                    "'%s' has crashed %d times within a minute and is not tried again for %d s; the last time: %s"
                            .formatted(model, MOST, 1 + Duration.ofNanos(left).toSeconds(), last.reason()));
        }
    }
}
