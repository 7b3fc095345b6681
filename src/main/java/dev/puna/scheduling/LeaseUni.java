// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.failure.Failure;
import io.smallrye.mutiny.helpers.EmptyUniSubscription;
import io.smallrye.mutiny.operators.AbstractUni;
import io.smallrye.mutiny.subscription.UniSubscriber;

/** A lease that is asked for anew by each subscription. */
final class LeaseUni extends AbstractUni<Lease> {
    private final LeaseRequest request;
    private final SchedulerShell scheduler;

    LeaseUni(LeaseRequest request, SchedulerShell scheduler) {
        this.request = request;
        this.scheduler = scheduler;
    }

    @Override
    public void subscribe(UniSubscriber<? super Lease> subscriber) {
        PendingRequest pending;
        try {
            pending = new PendingRequest(scheduler.newRequest(), request, subscriber, scheduler::leave);
        } catch (Failure failure) {
            subscriber.onSubscribe(EmptyUniSubscription.DONE);
            subscriber.onFailure(failure);
            return;
        }
        subscriber.onSubscribe(pending);
        scheduler.enter(pending);
    }
}
