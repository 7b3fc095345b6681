// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InsufficientMemory;
import dev.puna.model.Digest;
import dev.puna.scheduling.plan.LoadPlan;
import java.time.Duration;
import java.util.List;

/**
 * That a model on GPUs ran out of memory while it computed: for an hour it is loaded with less than by that plan.
 *
 * @param key the digests by which the model is known
 * @param failed what was in use; nobody asks whether it was alone, since the model works by that plan until it does not
 * @param until when it is forgotten, in the nanoseconds of the scheduler's clock
 */
record Exhaustion(List<Digest> key, FailedLoad failed, long until) {
    private static final Duration MEMORY = Duration.ofHours(1);

    Exhaustion {
        key = List.copyOf(key);
        requireNonNull(failed, "failed is null");
    }

    static Exhaustion of(List<Digest> key, LoadPlan plan, InsufficientMemory reason, long now) {
        return new Exhaustion(key, new FailedLoad(plan, reason, false), now + MEMORY.toNanos());
    }

    boolean isOver(long now) {
        return now - until >= 0;
    }

    /** Whether it tells something about a load for that request. */
    boolean concerns(QueuedRequest request, long now) {
        return !isOver(now)
                && key.equals(request.key())
                && LoadPlan.sameLoad(failed.plan().asked(), request.options());
    }
}
