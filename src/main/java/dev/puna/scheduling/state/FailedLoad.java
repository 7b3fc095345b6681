// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InsufficientMemory;
import dev.puna.scheduling.plan.LoadPlan;

/**
 * A load that took more memory than was planned.
 *
 * @param plan what was tried
 * @param reason in the library's words
 * @param alone whether no other model was in memory
 */
public record FailedLoad(LoadPlan plan, InsufficientMemory reason, boolean alone) {
    /** Refuses null. */
    public FailedLoad {
        requireNonNull(plan, "plan is null");
        requireNonNull(reason, "reason is null");
    }
}
