// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.EngineMemory;
import dev.puna.scheduling.plan.MachineState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A machine with so much memory, the loads and engines that have of it, and what is under way with them. */
final class SimulatedMemory {
    static final long BUDGET = 1000 * Requests.MIB;

    /** What was measured for slots that have not been told yet. */
    final Map<Long, MachineState> measuring = new LinkedHashMap<>();

    final Map<Long, SimulatedLoad> loads = new LinkedHashMap<>();
    final Map<Long, EngineMemory> engines = new HashMap<>();
    final List<Long> unloading = new ArrayList<>();

    /** A load under way: the bytes it takes, and how far it is. */
    static final class SimulatedLoad {
        final long bytes;
        boolean cancelled;
        double fraction;
        long movedAt;

        SimulatedLoad(long bytes, long now) {
            this.bytes = bytes;
            this.movedAt = now;
        }
    }

    /** True unless it is being measured for this slot already. */
    boolean measure(long slot) {
        return measuring.put(slot, machine(available())) == null;
    }

    SimulatedLoad load(long slot) {
        return requireNonNull(loads.get(slot));
    }

    /** Whether there is an engine that nobody closes. */
    boolean isReady(long slot) {
        return engines.containsKey(slot) && !unloading.contains(slot);
    }

    /** Whether there is neither an engine nor a load. */
    boolean isGone(long slot) {
        return !engines.containsKey(slot) && !loads.containsKey(slot);
    }

    /** Bytes that nobody has. */
    long free() {
        return BUDGET
                - engines.values().stream().mapToLong(EngineMemory::total).sum()
                - loads.values().stream().mapToLong(load -> load.bytes).sum();
    }

    /** The machine as it is in truth. */
    MachineState truth() {
        return machine(free());
    }

    /** What the system says: pages of the weights' files count as free. */
    private long available() {
        return free()
                + engines.values().stream().mapToLong(EngineMemory::weights).sum();
    }

    private static MachineState machine(long free) {
        return Requests.machine(free);
    }
}
