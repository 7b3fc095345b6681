// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.device.ComputeDevice;
import java.util.List;
import java.util.Map;

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

    /** The same once these models are gone. */
    MachineState after(List<ModelSlot> gone) {
        var machine = this;
        for (var model : gone) {
            machine = machine.freed(model.bytes() - model.deviceBytes(), model.bytesByDevice());
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
    long gpuBytes() {
        return devices.stream()
                .filter(ComputeDevice::gpu)
                .mapToLong(ComputeDevice::freeBytes)
                .sum();
    }
}
