// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import java.time.Duration;

/**
 * What reading one input may cost.
 *
 * @param time of the processor
 * @param bytes of objects made, whether or not they are held at once, besides {@link #BYTES_A_BYTE} for each of the input
 */
public record Bounds(Duration time, long bytes) {
    static final Bounds USUAL = new Bounds(Duration.ofSeconds(1), 64L << 20);

    /** Maps of small values are the heaviest that readers make. */
    static final long BYTES_A_BYTE = 1024;

    long bytesFor(byte[] input) {
        return bytes + BYTES_A_BYTE * input.length;
    }
}
