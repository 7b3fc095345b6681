// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.engine.EngineMemory;
import dev.puna.failure.InsufficientMemory;
import dev.puna.scheduling.plan.LoadPlan;
import java.time.Duration;

/** Something to be told to the log and to whoever counts. */
public sealed interface Notice extends Effect {

    /** The model's name, as messages have it. */
    String name();

    /** A model is ready, that long after its first request, with the memory that it holds. */
    record ModelLoaded(String name, Duration took, LoadPlan plan, EngineMemory memory) implements Notice {}

    /** A load took more memory than was planned, and another is tried. */
    record LoadRetried(String name, LoadPlan plan, InsufficientMemory reason) implements Notice {}

    /** A load ended because nobody waits for it. */
    record LoadCancelled(String name) implements Notice {}

    /** A load failed. */
    record LoadRefused(String name, String reason) implements Notice {}

    /** A load was not tried, since the model is refused for a while, as was said when that began. */
    record LoadHeldBack(String name) implements Notice {}

    /** A load has stood still for too long and is given up; the fraction is from 0 to 1. */
    record LoadStalled(String name, double fraction) implements Notice {}

    /** A context was asked for that is longer than the model was trained for. */
    record ContextCut(String name, int asked, int trained) implements Notice {}

    /** A model gives no more leases. */
    record ModelRetired(String name, String reason) implements Notice {}
}
