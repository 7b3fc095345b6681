// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.engine.Engine;
import dev.puna.failure.NativeFailure;
import dev.puna.failure.QueueFull;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.operators.AbstractUni;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LeaseScopeTest {
    private final CountingLease lease = new CountingLease();

    @Test
    void the_lease_is_closed_before_the_subscriber_learns_of_the_end() {
        var closedAtEnd = new AtomicInteger();

        var items = LeaseScope.stream(granted(), _ -> Multi.createFrom().items("a", "b"))
                .onCompletion()
                .invoke(() -> closedAtEnd.set(lease.closings.get()))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));

        items.assertCompleted().assertItems("a", "b");
        assertThat(closedAtEnd).hasValue(1);
        assertThat(lease.closings).hasValue(1);
    }

    @Test
    void the_lease_is_closed_when_the_work_fails() {
        var items = LeaseScope.stream(granted(), _ -> Multi.createFrom().<String>failure(new NativeFailure("decode")))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));

        items.assertFailedWith(NativeFailure.class, "decode");
        assertThat(lease.closings).hasValue(1);
    }

    @Test
    void the_lease_is_closed_when_the_work_cannot_even_begin() {
        var items = LeaseScope.<String>stream(granted(), _ -> {
                    throw new NativeFailure("no context");
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));

        items.assertFailedWith(NativeFailure.class, "no context");
        assertThat(lease.closings).hasValue(1);
    }

    @Test
    void a_subscriber_that_leaves_cancels_the_work_and_closes_the_lease() {
        var work = new AtomicReference<MultiEmitter<? super String>>();
        var cancelled = new AtomicInteger();
        var items = LeaseScope.stream(granted(), _ -> Multi.createFrom()
                        .<String>emitter(work::set)
                        .onCancellation()
                        .invoke(cancelled::incrementAndGet))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
        requireNonNull(work.get()).emit("a");

        items.cancel();

        items.assertItems("a").assertNotTerminated();
        assertThat(cancelled).hasValue(1);
        assertThat(lease.closings).hasValue(1);
    }

    @Test
    void a_subscriber_that_leaves_while_it_waits_gives_its_place_back() {
        var given = new AtomicInteger();
        var waiting = Uni.createFrom().<Lease>emitter(emitter -> emitter.onTermination(given::incrementAndGet));
        var items = LeaseScope.stream(waiting, _ -> Multi.createFrom().item("a"))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));

        items.cancel();

        assertThat(given).hasValue(1);
        assertThat(lease.closings).hasValue(0);
    }

    @Test
    void a_lease_that_arrives_just_after_the_subscriber_left_is_closed() {
        var late = new LateUni();
        var items = LeaseScope.stream(late, _ -> Multi.createFrom().item("a"))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));
        items.cancel();

        late.give(lease);

        items.assertHasNotReceivedAnyItem();
        assertThat(lease.closings).hasValue(1);
    }

    @Test
    void items_asked_for_while_the_lease_is_awaited_are_asked_for_later_and_no_more() {
        var late = new LateUni();
        var items = LeaseScope.stream(late, _ -> Multi.createFrom().items("a", "b", "c"))
                .subscribe()
                .withSubscriber(AssertSubscriber.<String>create());
        items.request(1);

        late.give(lease);

        items.assertItems("a").assertNotTerminated();
        items.request(1);
        items.assertItems("a", "b").assertNotTerminated();
        assertThat(lease.closings).hasValue(0);
    }

    @Test
    void a_refused_lease_is_the_failure_of_the_work() {
        var refused = Uni.createFrom().<Lease>failure(new QueueFull("later"));

        var item = LeaseScope.once(refused, _ -> Uni.createFrom().item("a"))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        item.assertFailedWith(QueueFull.class, "later");
    }

    @Test
    void work_of_one_item_closes_the_lease_once() {
        var item = LeaseScope.once(granted(), _ -> Uni.createFrom().item("a"))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        item.assertItem("a");
        assertThat(lease.closings).hasValue(1);
    }

    private Uni<Lease> granted() {
        return Uni.createFrom().item(lease);
    }

    private static final class CountingLease implements Lease {
        private final AtomicInteger closings = new AtomicInteger();

        @Override
        public Engine engine() {
            throw new UnsupportedOperationException("not in this test");
        }

        @Override
        public void close() {
            closings.incrementAndGet();
        }
    }

    /** Gives its item even to a subscriber that has cancelled, as happens when both occur at the same time. */
    private static final class LateUni extends AbstractUni<Lease> {
        private final AtomicReference<UniSubscriber<? super Lease>> subscriber = new AtomicReference<>();

        @Override
        public void subscribe(UniSubscriber<? super Lease> newSubscriber) {
            subscriber.set(newSubscriber);
            UniSubscription ignored = () -> {};
            newSubscriber.onSubscribe(ignored);
        }

        void give(Lease item) {
            requireNonNull(subscriber.get()).onItem(item);
        }
    }
}
