// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.plan;

import dev.puna.device.ComputeDevice;
import java.util.List;
import java.util.Map;

/**
 * The machine as a load finds it.
 *
 * @param devices what can be computed on, with their memory
 * @param hostBytes what the system can give
 * @param threads that compute when nobody says
 */
public record MachineState(List<ComputeDevice> devices, long hostBytes, int threads) {
    /** Copies the list. */
    public MachineState {
        devices = List.copyOf(devices);
    }

    /** The same with less of the system's memory. */
    public MachineState without(long bytes) {
        return new MachineState(devices, Math.max(0, hostBytes - bytes), threads);
    }

    /** The same once what these models hold is given back. */
    public MachineState after(List<MemoryRequirement> gone) {
        var machine = this;
        for (var held : gone) {
            machine = machine.freed(held.host(), held.byDevice());
        }
        return machine;
    }

    private MachineState freed(long host, Map<String, Long> byDevice) {
        return new MachineState(
                devices.stream()
                        .map(device -> withMore(device, byDevice.getOrDefault(device.name(), 0L)))
                        .toList(),
                hostBytes + host,
                threads);
    }

    private static ComputeDevice withMore(ComputeDevice device, long bytes) {
        return new ComputeDevice(
                device.name(),
                device.backend(),
                device.description(),
                device.kind(),
                device.id(),
                Math.min(device.totalBytes(), device.freeBytes() + bytes),
                device.totalBytes());
    }

    /** Free memory of all GPUs. */
    public long gpuBytes() {
        return devices.stream()
                .filter(ComputeDevice::gpu)
                .mapToLong(ComputeDevice::freeBytes)
                .sum();
    }
}
