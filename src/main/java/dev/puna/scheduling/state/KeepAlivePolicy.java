// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.model.KeepAlive;
import dev.puna.scheduling.state.SlotState.Draining;
import dev.puna.scheduling.state.SlotState.Idle;
import java.time.Duration;
import java.time.Instant;

/**
 * How long a model stays in memory after its last use: the only place that decides it. Pure. Source: contract 7.4.
 *
 * <p>The newest request that says something counts, for those who use the model already, too; where none did, the server's
 * setting does. The time starts when the last lease is closed.
 */
public final class KeepAlivePolicy {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);
    private static final KeepAlive NOT_AT_ALL = KeepAlive.of(Duration.ZERO);

    private final KeepAlive usual;

    KeepAlivePolicy(KeepAlive usual) {
        this.usual = usual;
    }

    /** The keep-alive of a slot that is begun for a request. */
    KeepAlive atFirst(QueuedRequest request) {
        return request.keepAlive().orElse(usual);
    }

    /** The keep-alive of a slot after it has given a lease to a request. */
    static KeepAlive afterLease(KeepAlive current, QueuedRequest request) {
        return request.keepAlive().orElse(current);
    }

    /** The keep-alive of a slot whose model is to be unloaded as soon as no lease is open. */
    static KeepAlive unwanted() {
        return NOT_AT_ALL;
    }

    /** When a model goes that is idle from now on, {@link SchedulerState#NEVER} for not at all. */
    static long expiry(KeepAlive keepAlive, long now) {
        var length = keepAlive.duration().map(Duration::toNanos).orElse(SchedulerState.NEVER);
        return length < SchedulerState.NEVER - Math.max(0, now) ? now + length : SchedulerState.NEVER;
    }

    static boolean isOver(Idle idle, long now) {
        return now >= idle.expiresAt();
    }

    /** By which models are told apart where one has to go: those that would stay for the shortest time go first. */
    static Duration length(ModelSlot slot) {
        return slot.keepAlive().duration().orElse(FOREVER);
    }

    /**
     * When an idle model goes by the time of day; for others, when it would go if it were idle from now on.
     *
     * @param nanos the scheduler's clock
     * @param now the time of day at that moment
     */
    public static Instant shown(ModelSlot slot, long nanos, Instant now) {
        return switch (slot.state()) {
            case Draining draining when draining.reason() == SlotState.Reason.RETIRED -> now;
            case Idle idle when idle.expiresAt() != SchedulerState.NEVER -> now.plusNanos(idle.expiresAt() - nanos);
            default -> slot.keepAlive().duration().map(now::plus).orElse(Instant.MAX);
        };
    }
}
