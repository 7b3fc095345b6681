// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.store.InstalledModel;
import java.time.Instant;

/**
 * A model in memory, or on its way there.
 *
 * @param model which
 * @param bytes memory it holds, or is expected to hold while it loads
 * @param deviceBytes how much of that lies on GPUs
 * @param contextLength tokens one sequence may hold
 * @param expiresAt when it will be unloaded if nobody asks for it; {@code Instant.MAX} for never
 * @param loading whether it is still being loaded
 * @param activeRequests leases that are open
 */
public record RunningModel(
        InstalledModel model,
        long bytes,
        long deviceBytes,
        int contextLength,
        Instant expiresAt,
        boolean loading,
        int activeRequests) {}
