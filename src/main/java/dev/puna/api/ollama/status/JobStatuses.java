// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.status;

import static java.util.Objects.requireNonNull;

import dev.puna.api.ollama.wire.StatusLine;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A job whose steps a client is told. A client that leaves ends it.
 *
 * @param <S> a step
 * @param run does the job, telling its steps
 * @param cancel ends it before its time
 * @param passing steps of which only as many are told as the client keeps up with, since a later one says more
 * @param words a step as the client sees it
 */
public record JobStatuses<S>(
        Consumer<Consumer<S>> run, Runnable cancel, Predicate<S> passing, Function<S, StatusLine> words) {
    public JobStatuses {
        requireNonNull(run, "run is null");
        requireNonNull(cancel, "cancel is null");
        requireNonNull(passing, "passing is null");
        requireNonNull(words, "words is null");
    }

    /** A thread for each job that waits for others most of the time. */
    public static Executor waiting(String name) {
        return task -> Thread.ofVirtual().name(name).start(task);
    }

    /**
     * A thread of the system for each job that computes or calls native code. The thread that asks may be one that serves connections,
     * whose others would stand still.
     */
    public static Executor working(String name) {
        return task -> Thread.ofPlatform().daemon().name(name).start(task);
    }

    /** Runs the job by that executor once somebody wants to know of it. */
    public Multi<StatusLine> by(Executor executor) {
        return Multi.createFrom().emitter(statuses -> {
            statuses.onTermination(cancel);
            executor.execute(() -> tell(statuses));
        });
    }

    private void tell(MultiEmitter<? super StatusLine> statuses) {
        try {
            run.accept(step -> {
                if (!passing.test(step) || statuses.requested() > 0) {
                    statuses.emit(words.apply(step));
                }
            });
            statuses.complete();
        } catch (RuntimeException e) {
            // Whoever has left is told nothing; Mutiny would log it as an exception that it had to drop.
            if (!statuses.isCancelled()) {
                statuses.fail(e);
            }
        }
    }
}
