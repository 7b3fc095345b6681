// SPDX-License-Identifier: Apache-2.0
/**
 * Which models are in memory, for whom, and for how long.
 *
 * <p>A request leases a model: the lease loads it if need be (once for all who wait), makes room by unloading idle models, and
 * keeps it until the last lease is closed and its keep-alive has passed. All methods may be called from any thread and never
 * block for a load. Entry type: {@link dev.puna.scheduling.Scheduling}.
 */
@NullMarked
package dev.puna.scheduling;

import org.jspecify.annotations.NullMarked;
