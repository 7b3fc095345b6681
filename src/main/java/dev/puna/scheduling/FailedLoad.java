// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.failure.InsufficientMemory;

/**
 * A load that took more memory than was planned.
 *
 * @param plan what was tried
 * @param reason in the library's words
 * @param alone whether no other model was in memory
 */
record FailedLoad(LoadPlan plan, InsufficientMemory reason, boolean alone) {}
