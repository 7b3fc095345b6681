// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

/**
 * Bytes that one loaded model holds, measured from the buffers it has.
 *
 * @param weights the model's tensors
 * @param cache the KV cache
 * @param compute buffers for the graph
 * @param onDevices how much of the three together lies on devices with memory of their own (GPUs)
 */
public record EngineMemory(long weights, long cache, long compute, long onDevices) {
    public EngineMemory {
        if (Math.min(Math.min(weights, cache), Math.min(compute, onDevices)) < 0
                || weights > Long.MAX_VALUE - cache
                || weights + cache > Long.MAX_VALUE - compute) {
            throw new IllegalArgumentException("%d bytes of weights, %d of cache, %d to compute, %d of them on devices"
                    .formatted(weights, cache, compute, onDevices));
        }
    }

    public long total() {
        return weights + cache + compute;
    }
}
