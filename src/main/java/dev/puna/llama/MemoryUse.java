// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a context and its model take.
 *
 * @param modelBytes weights, mapped ones included
 * @param cacheBytes the key-value cache
 * @param computeBytes scratch of the computation
 * @param deviceBytes how much of all that lies on GPUs
 */
public record MemoryUse(long modelBytes, long cacheBytes, long computeBytes, long deviceBytes) {
    private static final MemoryUse NOTHING = new MemoryUse(0, 0, 0, 0);

    /** From the bytes of each type of buffer, with the kind of device that they lie on. */
    static MemoryUse from(JsonNode json) {
        var sum = NOTHING;
        for (var buffer : json) {
            sum = sum.plus(of(buffer));
        }
        return sum;
    }

    private static MemoryUse of(JsonNode buffer) {
        boolean onGpu = !buffer.path("device").asText("cpu").equals("cpu");
        long model = buffer.path("model").asLong();
        long cache = buffer.path("context").asLong();
        long compute = buffer.path("compute").asLong();
        return new MemoryUse(model, cache, compute, onGpu ? model + cache + compute : 0);
    }

    private MemoryUse plus(MemoryUse other) {
        return new MemoryUse(
                modelBytes + other.modelBytes,
                cacheBytes + other.cacheBytes,
                computeBytes + other.computeBytes,
                deviceBytes + other.deviceBytes);
    }
}
