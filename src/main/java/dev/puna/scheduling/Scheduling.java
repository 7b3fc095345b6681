// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Refusal;
import dev.puna.model.ModelName;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** The models in memory and the queue before them. */
public interface Scheduling {

    /**
     * A lease of the model, loaded with the options asked for. Cancelling the subscription gives the place in the queue back,
     * and stops the load if nobody else waits for it.
     *
     * <p>Fails with {@code QueueFull}, {@code InsufficientMemory}, {@code NativeFailure} (the model does not load),
     * {@code ModelRefused} (it is one of {@link #refusals}),
     * {@code ShuttingDown} or {@code InvalidRequest}.
     */
    Uni<Lease> lease(LeaseRequest request);

    /** Loaded and loading models, the one that expires last first. */
    List<RunningModel> running();

    /** Models that are not loaded for a while, whoever asks. */
    List<Refusal> refusals();

    /** Unloads a model as soon as nobody uses it; nothing happens if it is not loaded. */
    void expire(ModelName name);
}
