// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.Refusal;
import dev.puna.failure.ModelRefused;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Models whose processes ended while they loaded, which are not tried for ever. Any thread. */
final class CrashRecord {
    private static final int MOST = 3;
    /** How close together they are, and how long it is refused then. */
    static final Duration MEMORY = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final Map<String, Deque<Crash>> crashes = new HashMap<>();

    /**
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    CrashRecord(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Crash(long when, String reason) {}

    /**
     * It has crashed.
     *
     * @return whether it is refused from now on
     */
    synchronized boolean add(String model, String reason) {
        var of = crashes.computeIfAbsent(model, _ -> new ArrayDeque<>());
        of.add(new Crash(nanos.getAsLong(), reason));
        if (of.size() > MOST) {
            of.remove();
        }
        return refusal(model).isPresent();
    }

    /** It has loaded. */
    synchronized void forget(String model) {
        crashes.remove(model);
    }

    /**
     * Refuses a model that has crashed three times within a minute, for a minute from the last.
     *
     * @throws ModelRefused with the reason of the last
     */
    synchronized void requireFew(String model) {
        refusal(model).ifPresent(refusal -> {
            throw new ModelRefused(
                    "'%s' has crashed %d times within a minute and is not tried again for %d s; the last time: %s"
                            .formatted(model, MOST, 1 + refusal.left().toSeconds(), refusal.reason()));
        });
    }

    /** All models that are refused now. */
    synchronized List<Refusal> refusals() {
        return crashes.keySet().stream()
                .flatMap(model -> refusal(model).stream())
                .toList();
    }

    private Optional<Refusal> refusal(String model) {
        var of = crashes.get(model);
        if (of == null || of.size() < MOST) {
            return Optional.empty();
        }
        var last = of.getLast();
        var left = MEMORY.toNanos() - (nanos.getAsLong() - last.when());
        return left > 0 && last.when() - of.getFirst().when() <= MEMORY.toNanos()
                ? Optional.of(new Refusal(model, Duration.ofNanos(left), last.reason()))
                : Optional.empty();
    }
}
