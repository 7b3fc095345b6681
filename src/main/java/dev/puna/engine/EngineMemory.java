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

    public long total() {
        return weights + cache + compute;
    }
}
