// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import java.util.function.Supplier;

/** Turns at the processor, one step each, which models on it take so that only one computes at a time. Any thread. */
public interface ComputeTurns {
    /** Waits for a turn and takes it; what the step throws comes through. */
    <T> T take(Supplier<T> step);
}
