// SPDX-License-Identifier: Apache-2.0
/**
 * Histories of the scheduler with models in processes of their own: real code from the lease to the frames, simulated processes,
 * callers, threads and time. A seed decides everything, also in which order threads go on, so one seed is one history. See
 * {@code src/docs/faults.md}.
 */
@NullMarked
package dev.puna.simulation;

import org.jspecify.annotations.NullMarked;
