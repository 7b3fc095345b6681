// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.failure.Failure;
import dev.puna.model.RunnerOptions;
import dev.puna.scheduling.state.QueuedRequest;
import dev.puna.store.InstalledModel;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One request for a lease, from its subscription until it has its lease or leaves.
 *
 * <p>A subscriber that leaves at the very moment the lease is handed over never sees it; the lease is closed then, so that
 * none is lost. Any thread.
 */
final class PendingRequest implements UniSubscription {
    private final QueuedRequest queued;
    private final UniSubscriber<? super Lease> subscriber;
    private final Consumer<PendingRequest> leaves;
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile Optional<Lease> lease = Optional.empty();

    /**
     * @param id a number that no other request has
     * @param leaves told when the subscriber leaves
     */
    PendingRequest(
            long id, LeaseRequest request, UniSubscriber<? super Lease> subscriber, Consumer<PendingRequest> leaves) {
        var model = request.model();
        this.queued = new QueuedRequest(
                id,
                request.work(),
                request.caller(),
                model.loadedLayers(),
                model,
                runnable(model, request.options()),
                request.keepAlive());
        this.subscriber = subscriber;
        this.leaves = leaves;
    }

    /** The request as the state machine knows it. */
    QueuedRequest queued() {
        return queued;
    }

    /**
     * Threads beyond the processors there are would only wait for each other. A file that is not the store's is read and not mapped
     * unless somebody asks for that: whoever cut it short meanwhile would end this process (SIGBUS).
     */
    private static RunnerOptions runnable(InstalledModel model, RunnerOptions asked) {
        return new RunnerOptions(
                asked.numCtx(),
                asked.numBatch(),
                asked.numGpu(),
                asked.mainGpu(),
                model.files().ofStore()
                        ? asked.useMmap()
                        : Optional.of(asked.useMmap().orElse(false)),
                Math.clamp(asked.numThread(), 0, Runtime.getRuntime().availableProcessors()));
    }

    void give(Lease granted) {
        lease = Optional.of(granted);
        if (answered.compareAndSet(false, true)) {
            subscriber.onItem(granted);
        } else {
            granted.close();
        }
    }

    void fail(Failure failure) {
        if (answered.compareAndSet(false, true)) {
            subscriber.onFailure(failure);
        }
    }

    @Override
    public void cancel() {
        if (answered.compareAndSet(false, true)) {
            leaves.accept(this);
        }
        lease.ifPresent(Lease::close);
    }
}
