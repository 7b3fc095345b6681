// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.remote;

import dev.puna.engine.GenerationEvent;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.stream.EventStream;
import dev.puna.engine.wire.FromRunner;
import dev.puna.engine.wire.ToRunner;
import dev.puna.failure.Failure;
import dev.puna.failure.NativeFailure;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * One answer on its way from the process of a model to its reader, who lets the process go on by reading. <b>Threads:</b> as
 * {@link EventStream}, whose producer is the thread that reads from the process.
 */
final class RemoteGeneration implements RunnerCall {
    private final RunnerChannel channel;
    private final LongConsumer prepared;
    private final EventStream stream;
    private final AtomicInteger credit = new AtomicInteger();
    private volatile long call;
    private boolean finished;

    private RemoteGeneration(
            RunnerChannel channel, LongConsumer prepared, Subscriber<? super GenerationEvent> subscriber) {
        this.channel = channel;
        this.prepared = prepared;
        this.stream = new EventStream(
                new CreditingReader(subscriber), channel.environment().ends(), () -> {}, this::cancel);
    }

    static void start(
            RunnerChannel channel,
            GenerationRequest request,
            LongConsumer prepared,
            Subscriber<? super GenerationEvent> subscriber) {
        var generation = new RemoteGeneration(channel, prepared, subscriber);
        subscriber.onSubscribe(generation.stream);
        if (!generation.stream.cancelled()) {
            generation.begin(request);
        }
    }

    /** Lets it send so many events more. */
    private void give(int events) {
        credit.addAndGet(events);
        channel.tell(new ToRunner.Credit(call, events));
    }

    private void begin(GenerationRequest request) {
        call = channel.call(this, number -> new ToRunner.Generate(number, request));
        give(EventStream.CAPACITY);
        if (stream.cancelled()) {
            cancel();
        }
    }

    @Override
    public void answer(FromRunner message) {
        switch (message) {
            case FromRunner.Event(var _, var event) -> take(event);
            case FromRunner.Prepared(var _, var bytes) -> prepared.accept(bytes);
            default -> throw new IllegalStateException("a generation is answered by " + message);
        }
    }

    private void take(GenerationEvent event) {
        if (finished) {
            throw new IllegalStateException("it goes on with an answer that is finished");
        }
        if (credit.getAndDecrement() <= 0) {
            throw new IllegalStateException("it said more of an answer than it was asked for");
        }
        finished = event instanceof GenerationEvent.Finished;
        stream.emit(event);
    }

    @Override
    public void ended() {
        if (finished) {
            stream.complete();
        } else {
            stream.fail(new NativeFailure("the process of the model ended an answer that is not finished"));
        }
    }

    @Override
    public void failed(Failure failure) {
        stream.fail(failure);
    }

    /** Before the call has a number there is nothing to cancel yet. */
    private void cancel() {
        var begun = call;
        if (begun != 0) {
            channel.forget(begun);
            channel.tell(new ToRunner.Cancel(begun));
        }
    }

    /** The subscriber, whose reading gives the process credit for as many events again. */
    private final class CreditingReader implements Subscriber<GenerationEvent> {
        private final Subscriber<? super GenerationEvent> reader;
        private int taken;

        CreditingReader(Subscriber<? super GenerationEvent> reader) {
            this.reader = reader;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            reader.onSubscribe(subscription);
        }

        @Override
        public void onNext(GenerationEvent event) {
            reader.onNext(event);
            taken++;
            if (taken == EventStream.CAPACITY / 2) {
                taken = 0;
                give(EventStream.CAPACITY / 2);
            }
        }

        @Override
        public void onError(Throwable failure) {
            reader.onError(failure);
        }

        @Override
        public void onComplete() {
            reader.onComplete();
        }
    }
}
