// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static java.util.Objects.requireNonNull;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;
import dev.puna.model.KeepAlive;
import dev.puna.model.RunnerOptions;
import dev.puna.store.InstalledModel;
import java.util.Optional;

/**
 * What a caller needs in memory.
 *
 * @param work what for
 * @param caller for whom, so that others have their turn
 * @param model which model
 * @param options how it must be loaded
 * @param keepAlive how long it stays after its last use; absent for what it has or the server's default
 */
public record LeaseRequest(
        Work work, Caller caller, InstalledModel model, RunnerOptions options, Optional<KeepAlive> keepAlive) {

    public LeaseRequest {
        requireNonNull(work, "work is null");
        requireNonNull(caller, "caller is null");
        requireNonNull(model, "model is null");
        requireNonNull(options, "options is null");
        requireNonNull(keepAlive, "keepAlive is null");
    }
}
