// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import dev.puna.failure.InvalidRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a model stays in memory after its last use.
 *
 * @param duration zero to unload at once, empty to keep for ever
 */
public record KeepAlive(Optional<Duration> duration) {

    public static final KeepAlive FOREVER = new KeepAlive(Optional.empty());

    public KeepAlive {
        if (duration.isPresent() && duration.get().isNegative()) {
            throw new InvalidRequest("keep_alive must not be negative here; negative values mean for ever");
        }
    }

    /** Seconds, as JSON numbers mean them; negative means for ever. */
    public static KeepAlive ofSeconds(double seconds) {
        if (Double.isNaN(seconds)) {
            throw new InvalidRequest("keep_alive must be a number of seconds");
        }
        return seconds < 0 || seconds * 1e9 >= Long.MAX_VALUE ? FOREVER : of(Duration.ofNanos((long) (seconds * 1e9)));
    }

    /** A duration; negative means for ever. */
    public static KeepAlive of(Duration duration) {
        return duration.isNegative() ? FOREVER : new KeepAlive(Optional.of(duration));
    }

    public boolean unloadsAtOnce() {
        return duration.isPresent() && duration.get().isZero();
    }
}
