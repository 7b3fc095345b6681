// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import dev.puna.failure.QueueFull;
import dev.puna.model.ModelName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The creations under way, and who waits for each. <b>Threads:</b> any. */
final class SharedCreations {
    /** Each takes a thread, whether it makes a model or waits for one. */
    static final int MOST_JOBS = 64;

    private final Function<CreationJob, Work> runs;
    private final Map<Key, Shared> running = new HashMap<>();
    private int jobs;

    /** What makes a model. It is run once, and cancelled by any thread, before it is run too. */
    interface Work {
        void run(Consumer<CreationProgress> progress);

        void cancel();
    }

    /** What callers must agree in to share a creation. */
    private record Key(ModelName name, CreationRequest request) {
        static Key of(CreationJob job) {
            return new Key(job.name(), job.request());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && name.equals(that.name) && request.equals(that.request);
        }
    }

    /** One creation and who waits for it. */
    static final class Shared {
        private final Work run;
        private final List<CreationJob> waiting = new ArrayList<>();
        private Optional<CreationProgress> last = Optional.empty();

        private Shared(Work run) {
            this.run = run;
        }
    }

    /**
     * A job's place in a creation.
     *
     * @param leads whether nobody has begun to make that model, so that this job has to
     */
    record Place(Shared shared, boolean leads) {}

    /**
     * @param runs makes the work that a job stands for
     */
    SharedCreations(Function<CreationJob, Work> runs) {
        this.runs = runs;
    }

    /**
     * Has a job wait for its creation, which begins if there is none; {@link #ended} is to follow.
     *
     * @throws QueueFull if there are too many jobs
     */
    synchronized Place join(CreationJob job) {
        if (jobs == MOST_JOBS) {
            throw new QueueFull(
                    "server busy: " + MOST_JOBS + " requests to create models are under way; try again later");
        }
        jobs++;
        var known = running.get(Key.of(job));
        // One that everybody has left ends soon, and without a model.
        if (known != null && !known.waiting.isEmpty()) {
            known.waiting.add(job);
            known.last.ifPresent(job::tell);
            return new Place(known, false);
        }
        var shared = new Shared(runs.apply(job));
        shared.waiting.add(job);
        running.put(Key.of(job), shared);
        return new Place(shared, true);
    }

    /** Makes the model on this thread, for all who have joined by then. */
    void run(Shared shared, CreationJob leader, Consumer<CreationProgress> progress) {
        try {
            shared.run.run(step -> {
                others(shared, leader, step).forEach(other -> other.tell(step));
                if (!leader.isCancelled()) {
                    progress.accept(step);
                }
            });
            forget(leader, shared).forEach(other -> other.end(null));
        } catch (RuntimeException failure) {
            forget(leader, shared).forEach(other -> other.end(failure));
            throw failure;
        }
    }

    /** Records that the thread of a job has done what there was to do. */
    synchronized void ended() {
        jobs--;
    }

    /** Has a job no longer wait. */
    synchronized void leave(CreationJob job, Shared shared) {
        if (shared.waiting.remove(job) && shared.waiting.isEmpty()) {
            shared.run.cancel();
        }
    }

    private synchronized List<CreationJob> others(Shared shared, CreationJob leader, CreationProgress step) {
        shared.last = Optional.of(step);
        return shared.waiting.stream().filter(job -> job != leader).toList();
    }

    private synchronized List<CreationJob> forget(CreationJob leader, Shared shared) {
        running.remove(Key.of(leader), shared);
        return shared.waiting.stream().filter(job -> job != leader).toList();
    }
}
