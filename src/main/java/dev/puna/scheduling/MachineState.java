// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.ComputeDevice;
import java.util.List;

/**
 * What a load finds.
 *
 * @param devices what can be computed on, with their memory
 * @param hostBytes what the system can give
 * @param threads that compute when nobody says
 */
record MachineState(List<ComputeDevice> devices, long hostBytes, int threads) {
    MachineState {
        devices = List.copyOf(devices);
    }

    /** The same with less of the system's memory. */
    MachineState without(long bytes) {
        return new MachineState(devices, Math.max(0, hostBytes - bytes), threads);
    }

    /** Free memory of all GPUs. */
    long gpuBytes() {
        return devices.stream()
                .filter(ComputeDevice::gpu)
                .mapToLong(ComputeDevice::freeBytes)
                .sum();
    }
}
