// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import dev.puna.device.Placement;

/**
 * Which model to load, and how.
 *
 * @param name how messages call it
 * @param files what it is made of
 * @param contextLength tokens one sequence may hold; bounded by what the model was trained for
 * @param sequences how many sequences run together, at least 1
 * @param batchSize tokens submitted to one decode
 * @param threads threads that compute
 * @param placement which layers lie on which GPUs
 * @param memoryMap whether the file is mapped rather than read
 * @param cacheType element type of the KV cache: {@code f16}, {@code q8_0} or {@code q4_0}
 * @param flashAttention {@code auto}, {@code on} or {@code off}
 * @param hostBytes of the system's memory that it is expected to take, weights that it maps among them; 0 if nobody has estimated it
 */
public record EngineSpec(
        String name,
        ModelFiles files,
        int contextLength,
        int sequences,
        int batchSize,
        int threads,
        Placement placement,
        boolean memoryMap,
        String cacheType,
        String flashAttention,
        long hostBytes) {

    private static final int SHARED_CELLS = 8192;

    public EngineSpec {
        requireNonNull(name, "name is null");
        requireNonNull(files, "files is null");
        requireNonNull(placement, "placement is null");
        requireNonNull(cacheType, "cacheType is null");
        requireNonNull(flashAttention, "flashAttention is null");
        if (sequences < 1) {
            throw new IllegalArgumentException(sequences + " sequences");
        }
    }

    /**
     * Cells of the KV cache, which all sequences share: as many as they could fill together, but no more than the larger of one
     * whole context and 8192. When they run out, idle prefixes are forgotten first, then the youngest sequence waits.
     */
    public int cells() {
        return (int) Math.min((long) contextLength * sequences, Math.max(contextLength, SHARED_CELLS));
    }
}
