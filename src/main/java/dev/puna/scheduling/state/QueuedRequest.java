// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;
import dev.puna.model.Digest;
import dev.puna.model.KeepAlive;
import dev.puna.model.RunnerOptions;
import dev.puna.store.InstalledModel;
import java.util.List;
import java.util.Optional;

/**
 * A request for a lease, as the state machine knows it.
 *
 * @param id its number, which no other request has
 * @param work what for
 * @param caller for whom
 * @param key what makes two requests want the same model: the digests of its weights, adapters and projectors
 * @param model which model
 * @param options how it must be loaded
 * @param keepAlive how long the model stays after this use; absent if the request does not say
 */
public record QueuedRequest(
        long id,
        Work work,
        Caller caller,
        List<Digest> key,
        InstalledModel model,
        RunnerOptions options,
        Optional<KeepAlive> keepAlive) {
    /** Refuses null and copies the list. */
    public QueuedRequest {
        requireNonNull(work, "work is null");
        requireNonNull(caller, "caller is null");
        key = List.copyOf(key);
        requireNonNull(model, "model is null");
        requireNonNull(options, "options is null");
        requireNonNull(keepAlive, "keepAlive is null");
    }
}
