// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.stream;

import dev.puna.engine.GenerationEvent;
import dev.puna.failure.Failure;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between the decode loop, which fills it, and one subscriber, who empties it at its own pace.
 *
 * <p><b>Threads:</b> one producer; {@code request} and {@code cancel} from any. Items are handed over one at a time, on the thread
 * that makes them or asks for them: one hop less than an executor, for subscribers that pass them on at once, as the edge
 * does. The end is told on an executor, because what follows it (giving a lease back, unloading the model) must not happen on
 * the decode loop. The producer asks {@link #hasRoom()} before it makes more; when a reader that was slow has made room again,
 * {@code onRoom} is run.
 */
public final class EventStream implements Subscription {

    /** The events that fit: more than one step makes of one sequence, so that a reader who keeps up never pauses its sequence. */
    public static final int CAPACITY = 64;

    /** The most events that one step makes of one sequence, except for tool calls, which may come together at the end of an answer. */
    private static final int RESERVE = 32;

    /** So few events are left when a producer that waits for room is told of it. */
    private static final int ROOM = (CAPACITY - RESERVE) / 2;

    /** Delivers the last events of all engines' streams: the subscriber may close the engine then, so no engine owns this executor. */
    public static final Executor ENDS = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("end-of-answer-", 0).daemon().factory());

    private final Subscriber<? super GenerationEvent> subscriber;
    private final Executor delivery;
    private final Runnable onRoom;
    private final Runnable onCancel;

    private final LinkedBlockingQueue<GenerationEvent> queue = new LinkedBlockingQueue<>();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
    private volatile boolean ended;
    private volatile boolean cancelled;
    private volatile boolean full;
    private boolean finished;

    public EventStream(
            Subscriber<? super GenerationEvent> subscriber, Executor delivery, Runnable onRoom, Runnable onCancel) {
        this.subscriber = subscriber;
        this.delivery = delivery;
        this.onRoom = onRoom;
        this.onCancel = onCancel;
    }

    /** Whether the events of another step fit. If not, {@code onRoom} is called as soon as they do. */
    public boolean hasRoom() {
        if (queue.size() <= CAPACITY - RESERVE) {
            return true;
        }
        full = true;
        return queue.size() <= CAPACITY - RESERVE;
    }

    public void emit(GenerationEvent event) {
        if (!cancelled) {
            queue.add(event);
            drain();
        }
    }

    public void complete() {
        ended = true;
        try {
            delivery.execute(this::drain);
        } catch (RejectedExecutionException engineClosed) {
            drain();
        }
    }

    /** Ends the stream with a failure after the events already in it. */
    public void fail(Failure reason) {
        failure.set(reason);
        complete();
    }

    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            cancel();
            return;
        }
        demand.accumulateAndGet(count, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
        drain();
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            onCancel.run();
        }
    }

    private void drain() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        var missed = 1;
        do {
            deliverWhatIsAskedFor();
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private void deliverWhatIsAskedFor() {
        var taken = 0L;
        while (!cancelled && !finished && taken < demand.get()) {
            var event = queue.poll();
            if (event == null) {
                break;
            }
            taken++;
            subscriber.onNext(event);
        }
        if (taken > 0) {
            var delivered = taken;
            demand.updateAndGet(had -> had == Long.MAX_VALUE ? had : had - delivered);
            if (full && queue.size() <= ROOM) {
                full = false;
                onRoom.run();
            }
        }
        if (!cancelled && !finished && ended && queue.isEmpty()) {
            finished = true;
            var reason = failure.get();
            if (reason == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(reason);
            }
        }
    }
}
