// SPDX-License-Identifier: Apache-2.0
package dev.puna.connection;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What is granted to connections.
 *
 * @param most connections at a time, of which one address other than loopback has at most half; 0 for any number
 * @param head time from the first byte of a request, or from a connection's beginning, until its headers are there
 * @param idle time that a connection stays open between requests
 * @param pace time in which {@link #LEAST_BYTES} of a body must come
 * @param stall time in which a client must read something of its answer
 */
public record ConnectionLimits(int most, Duration head, Duration idle, Duration pace, Duration stall) {
    /** Of a body, in the time of the pace: a slow modem sends more. */
    static final long LEAST_BYTES = 3_000;

    /** None. */
    public static final ConnectionLimits NONE =
            new ConnectionLimits(0, Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));

    private static final Duration HEAD = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration PACE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(5);

    /** Refuses null. */
    public ConnectionLimits {
        requireNonNull(head, "head is null");
        requireNonNull(idle, "idle is null");
        requireNonNull(pace, "pace is null");
        requireNonNull(stall, "stall is null");
    }

    /** The usual limits but for those that the settings say. */
    public static ConnectionLimits of(int most, Duration stall) {
        return new ConnectionLimits(most, HEAD, IDLE, PACE, stall);
    }

    /** How often a connection is looked at: a limit is kept to a quarter of itself. */
    Duration period() {
        var shortest = head;
        for (var other : new Duration[] {idle, pace, stall}) {
            shortest = other.compareTo(shortest) < 0 ? other : shortest;
        }
        var quarter = shortest.dividedBy(4);
        return quarter.compareTo(LONGEST_PERIOD) < 0 ? quarter : LONGEST_PERIOD;
    }

    /** The most connections of one address. */
    int mostOfOne() {
        return Math.max(1, most / 2);
    }
}
