// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import java.time.Duration;

/**
 * How hard a registry is asked.
 *
 * @param parts of one blob that are fetched at a time; at least 1
 * @param bytesPerSecond of all downloads together; 0 for as fast as they come
 * @param stall a part of which nothing comes for so long is asked for anew
 * @param tries of a part that fail without a byte in between before the download fails
 * @param pause after the first failure of a part, twice as long after each further one
 */
public record TransferLimits(int parts, long bytesPerSecond, Duration stall, int tries, Duration pause) {
    /** How long Ollama waits for a part of which nothing comes. */
    public static final Duration STALL = Duration.ofSeconds(30);

    public TransferLimits {
        if (parts < 1 || bytesPerSecond < 0 || tries < 1) {
            throw new IllegalArgumentException(
                    "parts %d, bytesPerSecond %d, tries %d".formatted(parts, bytesPerSecond, tries));
        }
    }

    /** As Ollama has them, but for parts and rate. */
    public static TransferLimits of(int parts, long bytesPerSecond) {
        return new TransferLimits(parts, bytesPerSecond, STALL, 6, Duration.ofSeconds(1));
    }
}
