// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A model that is not loaded for a while, since that has failed in a way that costs more than a request.
 *
 * @param model as {@link EngineSpec#name} has it
 * @param left how long it is not tried yet
 * @param reason what happened the last time
 */
public record Refusal(String model, Duration left, String reason) {
    public Refusal {
        requireNonNull(model, "model is null");
        requireNonNull(left, "left is null");
        requireNonNull(reason, "reason is null");
    }
}
