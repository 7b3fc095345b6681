// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a load was when it last moved, and when to look at it again.
 *
 * @param fraction from 0 to 1
 * @param movedAt when it was first seen there
 * @param checkAt when to look again, {@link SchedulerState#NEVER} if loads may stand still for any time
 */
public record StallWatch(double fraction, long movedAt, long checkAt) {
    /** How often a load is looked at, as a part of the time it may stand still. */
    private static final int LOOKS_PER_TIMEOUT = 8;

    static StallWatch begin(long now, Optional<Duration> timeout) {
        return new StallWatch(0, now, SchedulerState.NEVER).lookAgain(now, timeout);
    }

    StallWatch lookAgain(long now, Optional<Duration> timeout) {
        return new StallWatch(
                fraction,
                movedAt,
                timeout.map(longest -> now + longest.toNanos() / LOOKS_PER_TIMEOUT)
                        .orElse(SchedulerState.NEVER));
    }

    /** The watch after the load was seen at a fraction. */
    StallWatch seen(double newFraction, long now) {
        return newFraction == fraction ? this : new StallWatch(newFraction, now, checkAt);
    }

    boolean stalled(long now, Optional<Duration> timeout) {
        return timeout.filter(longest -> now - movedAt >= longest.toNanos()).isPresent();
    }
}
