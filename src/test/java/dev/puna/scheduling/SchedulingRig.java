// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.caller.Caller;
import dev.puna.caller.Work;
import dev.puna.model.KeepAlive;
import dev.puna.model.RunnerOptions;
import dev.puna.settings.Settings;
import dev.puna.store.InstalledModel;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.Waiting;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A scheduler over scripted engines, in time that a test moves. */
final class SchedulingRig {
    static final Duration BOUND = Duration.ofSeconds(10);

    final ScriptedEngineLoader loader = new ScriptedEngineLoader();
    final FakeClock clock = new FakeClock();
    final AtomicLong freeMemory = new AtomicLong(64L << 30);

    /** What each engine that is not closed takes of it. */
    final AtomicLong takenByEach = new AtomicLong();

    /** Whether no thread can be started. */
    final AtomicBoolean noThreads = new AtomicBoolean();

    final RecordedEvents events = new RecordedEvents();
    final ModelScheduler models;
    private final Path blobs;

    SchedulingRig(Path blobs, String... variables) {
        this.blobs = blobs;
        var environment = new HashMap<>(Map.of("PUNA_THREADS", "2"));
        for (var i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        models = new ModelScheduler(
                loader,
                Settings.from(environment),
                events,
                new SchedulerEnvironment(clock, this::free, Thread::startVirtualThread, this::startThread));
    }

    private void startThread(String name, Runnable work) {
        if (noThreads.get()) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        SchedulerEnvironment.Threads.OF_THIS_MACHINE.start(name, work);
    }

    private long free() {
        var open = loader.engines().stream()
                .filter(engine -> engine.closings() == 0)
                .count();
        return freeMemory.get() - open * takenByEach.get();
    }

    InstalledModel model(String name) {
        return TinyModel.generating(blobs, name);
    }

    Uni<Lease> ask(String name) {
        return ask(model(name), RunnerOptions.DEFAULT, Optional.empty());
    }

    Uni<Lease> ask(String name, RunnerOptions options) {
        return ask(model(name), options, Optional.empty());
    }

    Uni<Lease> ask(String name, Duration keepAlive) {
        return ask(model(name), RunnerOptions.DEFAULT, Optional.of(KeepAlive.of(keepAlive)));
    }

    Uni<Lease> ask(InstalledModel model, RunnerOptions options, Optional<KeepAlive> keepAlive) {
        return models.lease(new LeaseRequest(Work.GENERATION, Caller.NOBODY, model, options, keepAlive));
    }

    /** A lease, waited for. */
    static Lease await(Uni<Lease> asked) {
        return asked.await().atMost(BOUND);
    }

    Lease lease(String name) {
        return await(ask(name));
    }

    /** Somebody who has asked and waits. */
    static UniAssertSubscriber<Lease> waiter(Uni<Lease> asked) {
        return asked.subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    static RunnerOptions context(int tokens) {
        var options = RunnerOptions.DEFAULT;
        return new RunnerOptions(
                OptionalInt.of(tokens),
                options.numBatch(),
                options.numGpu(),
                options.mainGpu(),
                options.useMmap(),
                options.numThread());
    }

    /** Names of the models in memory, those that expire last first. */
    List<String> running() {
        return models.running().stream()
                .map(running -> running.model().name().model())
                .toList();
    }

    static void eventually(BooleanSupplier condition) {
        Waiting.until(BOUND, condition);
    }

    /** Writes down what happened. */
    static final class RecordedEvents implements SchedulingEvents {
        final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public void loaded(String model, Duration took) {
            all.add("loaded " + model);
        }

        @Override
        public void loadFailed(String model) {
            all.add("load failed " + model);
        }

        @Override
        public void firstPiece(String model, Duration after) {
            all.add("first piece " + model);
        }

        @Override
        public void answered(String model, int promptTokens, int cachedTokens, int generatedTokens) {
            all.add("answered " + model + " " + promptTokens + " " + generatedTokens);
        }

        @Override
        public void streamed(String model, double together, Duration longestGap) {
            all.add("streamed " + model + " " + together + (longestGap.isPositive() ? " with a gap" : ""));
        }

        @Override
        public void guessed(String model, int tokens, int accepted) {
            all.add("guessed " + model + " " + tokens + " " + accepted);
        }

        @Override
        public void embedded(String model, int promptTokens) {
            all.add("embedded " + model + " " + promptTokens);
        }

        @Override
        public void failed(String model) {
            all.add("failed " + model);
        }
    }
}
