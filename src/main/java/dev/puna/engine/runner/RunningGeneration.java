// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.runner;

import static java.util.Objects.requireNonNull;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.wire.FromRunner;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A generation whose events go to the server, as many as it has given credit for.
 *
 * <p><b>Threads:</b> events on those of the engine, which flushes them once for all sequences of a step; {@link #credit} and
 * {@link #cancel} on that which reads from the server, after the subscription.
 */
final class RunningGeneration implements Subscriber<GenerationEvent> {
    private final long call;
    private final Outbox outbox;
    private final Runnable over;
    private @Nullable Subscription subscription;

    /**
     * @param over run when the generation has ended by itself
     */
    RunningGeneration(long call, Outbox outbox, Runnable over) {
        this.call = call;
        this.outbox = outbox;
        this.over = over;
    }

    void credit(int events) {
        requireNonNull(subscription, "there is no subscription").request(events);
        outbox.flush();
    }

    void cancel() {
        requireNonNull(subscription, "there is no subscription").cancel();
    }

    @Override
    public void onSubscribe(Subscription made) {
        subscription = made;
    }

    @Override
    public void onNext(GenerationEvent event) {
        outbox.add(new FromRunner.Event(call, event));
    }

    @Override
    public void onError(Throwable failure) {
        over.run();
        outbox.fail(call, failure);
    }

    @Override
    public void onComplete() {
        over.run();
        outbox.send(new FromRunner.Ended(call));
    }
}
