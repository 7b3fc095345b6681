// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

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

    public long totalBytes() {
        return modelBytes + cacheBytes + computeBytes;
    }

    /** From bytes by buffer type; the types of a device are named after it ("CUDA0", but "CUDA_Host" is the host's). */
    static MemoryUse from(JsonNode json, List<Device> devices) {
        var gpus = devices.stream()
                .filter(device -> device.type().isGpu())
                .map(Device::name)
                .toList();
        var sum = NOTHING;
        for (var buffer : json.properties()) {
            var onGpu = gpus.stream().anyMatch(gpu -> buffer.getKey().startsWith(gpu));
            sum = sum.plus(of(buffer.getValue(), onGpu));
        }
        return sum;
    }

    private static MemoryUse of(JsonNode buffer, boolean onGpu) {
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
