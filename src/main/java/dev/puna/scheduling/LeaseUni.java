// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.failure.Failure;
import io.smallrye.mutiny.helpers.EmptyUniSubscription;
import io.smallrye.mutiny.operators.AbstractUni;
import io.smallrye.mutiny.subscription.UniSubscriber;

/** A lease that is asked for anew by each subscription. */
final class LeaseUni extends AbstractUni<Lease> {
    private final LeaseRequest request;
    private final ModelScheduler models;

    LeaseUni(LeaseRequest request, ModelScheduler models) {
        this.request = request;
        this.models = models;
    }

    @Override
    public void subscribe(UniSubscriber<? super Lease> subscriber) {
        PendingRequest waiter;
        try {
            waiter = new PendingRequest(request, subscriber, models::leave);
        } catch (Failure failure) {
            subscriber.onSubscribe(EmptyUniSubscription.DONE);
            subscriber.onFailure(failure);
            return;
        }
        subscriber.onSubscribe(waiter);
        try {
            models.enter(waiter);
        } catch (Failure failure) {
            waiter.fail(failure);
        }
    }
}
