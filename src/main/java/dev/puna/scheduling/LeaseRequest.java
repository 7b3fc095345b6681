// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static java.util.Objects.requireNonNull;

import dev.puna.model.KeepAlive;
import dev.puna.model.RunnerOptions;
import dev.puna.store.InstalledModel;
import java.util.Optional;

/**
 * What a caller needs in memory.
 *
 * @param model which model
 * @param options how it must be loaded
 * @param keepAlive how long it stays after its last use; absent for what it has or the server's default
 */
public record LeaseRequest(InstalledModel model, RunnerOptions options, Optional<KeepAlive> keepAlive) {

    public LeaseRequest {
        requireNonNull(model, "model is null");
        requireNonNull(options, "options is null");
        requireNonNull(keepAlive, "keepAlive is null");
    }
}
