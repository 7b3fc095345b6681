// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.EngineMemory;
import dev.puna.scheduling.plan.LoadPlan;

/**
 * What is known of an engine in memory.
 *
 * @param plan how it was loaded
 * @param memory bytes it holds, by its own account
 * @param contextLength tokens one sequence may hold
 */
public record LoadedEngine(LoadPlan plan, EngineMemory memory, int contextLength) {
    /** Refuses null. */
    public LoadedEngine {
        requireNonNull(plan, "plan is null");
        requireNonNull(memory, "memory is null");
    }

    /** Bytes of weights that count as the system's free memory because they are pages of a file. */
    long mappedBytes() {
        return plan.spec().memoryMap() ? Math.max(0, memory.weights() - memory.onDevices()) : 0;
    }
}
