// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import dev.puna.device.ComputeDevice;
import java.util.List;

/** Brings models into memory. */
public interface EngineLoader {

    /**
     * Loads a model and starts its decode loop; blocks until it is ready, seconds for a large model.
     *
     * @throws dev.puna.failure.ModelRefused if it is one of {@link #refusals}
     * @throws dev.puna.failure.NativeFailure with the library's own reason if it cannot be loaded
     * @throws dev.puna.failure.Cancelled if {@code loading} was cancelled
     */
    Engine load(EngineSpec spec, Loading loading);

    /** Models that are not loaded at present, whoever asks. */
    default List<Refusal> refusals() {
        return List.of();
    }

    /** What can be computed on, the CPU last. */
    List<ComputeDevice> devices();

    /** Nothing is loaded any more: gives back to the system what loading and computing have left. Takes milliseconds. */
    default void trimMemory() {}
}
