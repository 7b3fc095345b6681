// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.EmptyUniSubscription;
import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Work done under a lease that is closed exactly once, whatever happens.
 *
 * <p>Each subscription asks for a lease of its own. It is closed before the subscriber learns that the work completed or
 * failed, and at once when the subscriber cancels: while it waits for the lease, while it works, or at the very moment the
 * lease arrives. Mutiny's own {@code transformToMulti} would forget the lease in that last case.
 */
public final class LeaseScope {

    private LeaseScope() {}

    /** Items of a work that streams. */
    public static <T> Multi<T> stream(Uni<Lease> lease, Function<? super Lease, ? extends Multi<T>> work) {
        return Multi.createFrom().publisher(subscriber -> {
            var running = new Running<T>(subscriber, work);
            subscriber.onSubscribe(running);
            lease.subscribe().withSubscriber(running);
        });
    }

    /** The one item of a work. */
    public static <T> Uni<T> once(Uni<Lease> lease, Function<? super Lease, ? extends Uni<T>> work) {
        return stream(lease, granted -> work.apply(granted).toMulti()).toUni();
    }

    /** One subscription: first to the lease, then to the work. */
    private static final class Running<T> implements UniSubscriber<Lease>, Flow.Subscriber<T>, Flow.Subscription {
        private final Flow.Subscriber<? super T> downstream;
        private final Function<? super Lease, ? extends Multi<T>> work;
        private final AtomicReference<UniSubscription> waiting = new AtomicReference<>();
        private final AtomicReference<Flow.Subscription> working = new AtomicReference<>();
        private final AtomicLong requested = new AtomicLong();
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile @Nullable Lease lease;
        private volatile boolean cancelled;

        Running(Flow.Subscriber<? super T> downstream, Function<? super Lease, ? extends Multi<T>> work) {
            this.downstream = downstream;
            this.work = work;
        }

        @Override
        public void onSubscribe(UniSubscription subscription) {
            if (!waiting.compareAndSet(null, subscription)) {
                subscription.cancel();
            }
        }

        @Override
        public void onItem(Lease granted) {
            lease = granted;
            if (cancelled) {
                close();
                return;
            }
            Multi<T> items;
            try {
                items = work.apply(granted);
            } catch (RuntimeException e) {
                onError(e);
                return;
            }
            items.subscribe().withSubscriber(this);
        }

        @Override
        public void onFailure(Throwable failure) {
            onError(failure);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            Subscriptions.setIfEmptyAndRequest(working, requested, subscription);
        }

        @Override
        public void onNext(T item) {
            downstream.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            close();
            if (!cancelled) {
                downstream.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            close();
            downstream.onComplete();
        }

        @Override
        public void request(long count) {
            Subscriptions.requestIfNotNullOrAccumulate(working, requested, count);
        }

        @Override
        public void cancel() {
            cancelled = true;
            var asked = waiting.getAndSet(EmptyUniSubscription.CANCELLED);
            if (asked != null) {
                asked.cancel();
            }
            Subscriptions.cancel(working);
            close();
        }

        private void close() {
            var open = lease;
            if (open != null && closed.compareAndSet(false, true)) {
                open.close();
            }
        }
    }
}
