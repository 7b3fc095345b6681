// SPDX-License-Identifier: Apache-2.0
package dev.puna.simulation;

import dev.puna.engine.EmbeddingRequest;
import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.failure.Failure;
import dev.puna.scheduling.Lease;
import dev.puna.scheduling.LeaseScope;
import dev.puna.support.TestRequests;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/** Somebody who asks for something, reads at a pace of their own, and may leave. Threads of the timeline. */
final class SimulatedCaller implements Subscriber<Object> {
    private final World world;
    final int number;
    private Pace pace;
    private Subscription subscription = new NoSubscription();
    private int read;
    private boolean finished;
    private int ends;
    private boolean left;

    SimulatedCaller(World world, int number, Pace pace) {
        this.world = world;
        this.number = number;
        this.pace = pace;
    }

    /** How somebody reads. */
    enum Pace {
        AT_ONCE,
        SLOWLY,
        NOT_TO_THE_END
    }

    /** What is asked for. */
    enum Wish {
        ANSWER,
        VECTORS,
        NUMBER,
        PRESENCE
    }

    void ask(Uni<Lease> lease, Wish wish) {
        Multi<?> items =
                switch (wish) {
                    case ANSWER ->
                        LeaseScope.stream(lease, granted -> granted.engine().generate(request()));
                    case VECTORS ->
                        LeaseScope.once(lease, granted -> granted.engine()
                                        .embed(new EmbeddingRequest(List.of(Integer.toString(number), "b"), true)))
                                .toMulti();
                    case NUMBER ->
                        LeaseScope.once(lease, granted -> Uni.createFrom()
                                        .item(() -> granted.engine().count(request())))
                                .toMulti();
                    case PRESENCE ->
                        LeaseScope.once(lease, _ -> Uni.createFrom().item("there"))
                                .toMulti();
                };
        items.subscribe().withSubscriber(this);
    }

    private GenerationRequest request() {
        return TestRequests.of(new Prompt.Raw(Integer.toString(number)));
    }

    void leave() {
        if (!ended()) {
            world.note("caller %d leaves", number);
            left = true;
            subscription.cancel();
        }
    }

    /** Reads to the end now. */
    void readOn() {
        pace = Pace.AT_ONCE;
        subscription.request(Long.MAX_VALUE);
    }

    boolean ended() {
        return left || ends > 0;
    }

    @Override
    public void onSubscribe(Subscription made) {
        subscription = made;
        switch (pace) {
            case AT_ONCE -> made.request(Long.MAX_VALUE);
            case SLOWLY -> made.request(1);
            case NOT_TO_THE_END -> made.request(world.random.nextInt(1, 100));
        }
    }

    @Override
    public void onNext(Object item) {
        world.timeline.maybeYield();
        if (ends > 0) {
            world.violation("caller %d gets %s after the end".formatted(number, item));
        }
        if (!world.isLiedTo(number)) {
            check(item);
        }
        finished |= item instanceof GenerationEvent.Finished;
        read++;
        if (pace == Pace.SLOWLY) {
            world.timeline.at(
                    world.timeline.nanos()
                            + Duration.ofMillis(world.random.nextInt(2_000)).toNanos(),
                    "reader",
                    () -> subscription.request(1));
        }
    }

    private void check(Object item) {
        if (finished || (item instanceof GenerationEvent.Text(var piece, var _) && !piece.equals("" + read))) {
            world.violation("caller %d gets %s as item %d".formatted(number, item, read));
        }
    }

    @Override
    public void onError(Throwable failure) {
        world.note("caller %d fails with %s", number, failure);
        end();
        if (!(failure instanceof Failure known) || known.text().isBlank()) {
            world.violation("caller %d is told %s".formatted(number, failure));
        }
    }

    @Override
    public void onComplete() {
        world.note("caller %d has all", number);
        end();
        if (read == 0) {
            world.violation("caller %d has an answer of nothing".formatted(number));
        }
    }

    private void end() {
        if (ends++ > 0) {
            world.violation("caller %d ends twice".formatted(number));
        }
    }

    private static final class NoSubscription implements Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }
}
