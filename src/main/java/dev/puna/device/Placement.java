// SPDX-License-Identifier: Apache-2.0
package dev.puna.device;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Where a model's layers lie: on which devices, beside the CPU, which has the rest. The first layers stay with the CPU, the
 * last one, which is the output and counts as a layer, goes to the last device.
 *
 * @param shares what each device holds, in the order of the layers; empty for a model that stays with the CPU
 */
public record Placement(List<Share> shares) {
    /** Everything on the CPU; no other device is used, not even for computing. */
    public static final Placement CPU = new Placement(List.of());

    public Placement {
        shares = List.copyOf(shares);
    }

    /** All layers there are on one device. */
    public static Placement on(String device, int layers) {
        return new Placement(List.of(new Share(device, layers)));
    }

    /** Layers on all devices together, the output among them. */
    public int layers() {
        return shares.stream().mapToInt(Share::layers).sum();
    }

    /** Names of the devices. */
    public List<String> devices() {
        return shares.stream().map(Share::device).toList();
    }

    /**
     * What one device holds.
     *
     * @param device its name, as {@link ComputeDevice#name()} has it
     * @param layers at least 1
     */
    public record Share(String device, int layers) {
        public Share {
            requireNonNull(device, "device is null");
            if (layers < 1) {
                throw new IllegalArgumentException(device + " holds " + layers + " layers");
            }
        }
    }
}
