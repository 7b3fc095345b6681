// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long what no model needs is left alone, since somebody may be at work on it.
 *
 * @param blobs of blobs and of unfinished files
 * @param parts of downloads that were interrupted
 */
public record PruneAges(Duration blobs, Duration parts) {
    /** Those of a server's start. */
    public static final PruneAges USUAL = new PruneAges(Duration.ofHours(1), Duration.ofDays(7));
    /** For people who know that nothing is going on. What is written at the moment is written more than once a minute. */
    public static final PruneAges SHORTEST = new PruneAges(Duration.ofMinutes(1), Duration.ofMinutes(1));

    /** Refuses null. */
    public PruneAges {
        requireNonNull(blobs, "blobs is null");
        requireNonNull(parts, "parts is null");
    }
}
