// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.util.Objects.requireNonNull;

import dev.puna.creation.SharedCreations.Shared;
import dev.puna.failure.Cancelled;
import dev.puna.model.ModelName;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One caller's wish for a model, which callers who want the same model made of the same share: the first one's thread makes it, and
 * all are told of every step. What everybody has cancelled before the manifest is written leaves no model. <b>Threads:</b> it is run
 * once, by one that may wait for the disk, and cancelled by any.
 */
public final class CreationJob {
    private final SharedCreations creations;
    private final ModelName name;
    private final CreationRequest request;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile Optional<Shared> joined = Optional.empty();
    private volatile boolean cancelled;

    /** What one who waits is told. */
    private sealed interface Event {
        record Progress(CreationProgress step) implements Event {}

        record Ended(@Nullable RuntimeException failure) implements Event {}
    }

    CreationJob(SharedCreations creations, ModelName name, CreationRequest request) {
        this.creations = creations;
        this.name = requireNonNull(name, "name is null");
        this.request = requireNonNull(request, "request is null");
    }

    /** This caller no longer wants the model. The last one's leaving ends the work at the next tensor; what is done stays done. */
    public void cancel() {
        cancelled = true;
        events.add(new Event.Ended(new Cancelled("request canceled")));
        joined.ifPresent(shared -> creations.leave(this, shared));
    }

    /**
     * Makes the model, or waits until it is made.
     *
     * @param progress told of each step, on this thread, the last when the model is in the store; one who joins late is told of the
     *     present step first
     * @throws dev.puna.failure.Failure if the request cannot be done, or was cancelled; then nothing is left of it. {@code QueueFull}
     *     if too many others are under way
     */
    public void run(Consumer<CreationProgress> progress) {
        var place = creations.join(this);
        try {
            run(place, progress);
        } finally {
            creations.ended();
        }
    }

    private void run(SharedCreations.Place place, Consumer<CreationProgress> progress) {
        joined = Optional.of(place.shared());
        if (cancelled) {
            creations.leave(this, place.shared());
        }
        if (place.leads()) {
            creations.run(place.shared(), this, progress);
        } else {
            follow(progress);
        }
    }

    ModelName name() {
        return name;
    }

    CreationRequest request() {
        return request;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void tell(CreationProgress step) {
        events.add(new Event.Progress(step));
    }

    void end(@Nullable RuntimeException failure) {
        events.add(new Event.Ended(failure));
    }

    private void follow(Consumer<CreationProgress> progress) {
        try {
            while (true) {
                switch (events.take()) {
                    case Event.Progress(var step) -> progress.accept(step);
                    case Event.Ended(var failure) when failure != null -> throw failure;
                    case Event.Ended _ -> {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("request canceled", e);
        }
    }
}
