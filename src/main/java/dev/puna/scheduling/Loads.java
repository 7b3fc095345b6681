// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import dev.puna.go.GoDuration;
import dev.puna.settings.Settings;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Loads models, one at a time, each on a thread of its own since a native load blocks for seconds. A load that nobody waits
 * for any more is cancelled; one that stands still for too long is abandoned.
 */
final class Loads {
    private static final Logger LOG = Logger.getLogger(Loads.class);

    /** How often a load is looked at, as a part of the time it may stand still. */
    private static final int LOOKS_PER_TIMEOUT = 8;

    private final EngineLoader loader;
    private final Settings settings;
    private final SchedulingEvents events;
    private final SchedulerClock timeline;
    private final LongSupplier freeMemory;
    private final Executor deliveries;
    private final SchedulerState roster;
    private final SchedulerLock monitor;
    private final ModelScheduler models;
    private final EvictionPolicy room;

    Loads(
            EngineLoader loader,
            Settings settings,
            SchedulingEvents events,
            SchedulerEnvironment surroundings,
            SchedulerState roster,
            SchedulerLock monitor,
            ModelScheduler models) {
        this.loader = loader;
        this.settings = settings;
        this.events = events;
        this.timeline = surroundings.timeline();
        this.freeMemory = surroundings.freeMemory();
        this.deliveries = surroundings.deliveries();
        this.roster = roster;
        this.monitor = monitor;
        this.models = models;
        this.room = new EvictionPolicy(new LoadPlanner(settings));
    }

    /** Begins to load for a request; under the lock, and only when nothing else loads. */
    void begin(PendingRequest first) {
        var keepAlive = first.request().keepAlive().orElse(settings.keepAlive());
        var model = new ModelSlot(first, keepAlive, timeline.nanos());
        roster.beginLoad(model);
        Thread.ofPlatform().daemon().name("load-" + model.name()).start(() -> load(model));
    }

    /** When no model is left. */
    void rest() {
        loader.rest();
    }

    private void load(ModelSlot model) {
        try {
            var engine = engine(model, ModelWeights.read(model.model));
            if (!models.loaded(model, engine)) {
                engine.close();
            }
        } catch (Failure failure) {
            failed(model, failure);
        } catch (OutOfMemoryError exhausted) {
            failed(model, new NativeFailure(exhaustion(model, exhausted), exhausted));
        } catch (RuntimeException | LinkageError unexpected) {
            LOG.errorf(unexpected, "model.load.failed name=%s", model.name());
            failed(model, new NativeFailure("cannot load model '" + model.name() + "': " + unexpected, unexpected));
        }
    }

    /** The JVM says so, too, when it is threads that it cannot have. */
    private static String exhaustion(ModelSlot model, OutOfMemoryError exhausted) {
        return "cannot load model '" + model.name() + "': " + exhausted.getMessage()
                + "; allow this process more threads (ulimit -u, TasksMax) or memory";
    }

    /** Loads as planned; what takes more memory than was planned is tried again, smaller each time, when all others are gone. */
    private Engine engine(ModelSlot model, ModelWeights weights) {
        while (true) {
            var plan = makeRoom(model, weights);
            try {
                return loader.load(plan.spec(), model.loading);
            } catch (InsufficientMemory underestimated) {
                LOG.warnf(
                        "model.load.retry name=%s context=%d sequences=%d gpu_layers=%d reason=\"%s\"",
                        model.name(),
                        plan.spec().contextLength(),
                        plan.spec().sequences(),
                        plan.spec().placement().layers(),
                        underestimated.text());
                monitor.lockedRun(() -> {
                    var alone = roster.residents().size() == 1;
                    model.failed = Optional.of(new FailedLoad(plan, underestimated, alone));
                    model.plan = Optional.empty();
                    model.dueAt = ModelSlot.NEVER;
                });
            }
        }
    }

    /** Waits until there is room, which may take as long as others use what has to go. */
    private LoadPlan makeRoom(ModelSlot model, ModelWeights weights) {
        while (true) {
            var machine = new MachineState(loader.devices(), freeMemory.getAsLong(), settings.computeThreads());
            var plan = monitor.locked(() -> {
                if (model.givenUp) {
                    throw new Cancelled("the load of model '" + model.name() + "' was given up");
                }
                return act(model, room.decide(model, weights, machine, roster.residents()));
            });
            if (plan.isPresent()) {
                return plan.get();
            }
        }
    }

    /** Does what was decided; the plan when that is to begin. */
    private Optional<LoadPlan> act(ModelSlot model, Admission decision) {
        return switch (decision) {
            case Admission.Fits(var plan) -> {
                warnOfContext(model, plan);
                model.plan = Optional.of(plan);
                model.progressAt = timeline.nanos();
                settings.loadTimeout()
                        .ifPresent(timeout -> model.dueAt = model.progressAt + timeout.toNanos() / LOOKS_PER_TIMEOUT);
                roster.roomMade();
                models.turn();
                yield Optional.of(plan);
            }
            case Admission.Impossible(var failure) -> throw failure;
            case Admission.Wait() -> {
                monitor.waitForChange();
                yield Optional.empty();
            }
            case Admission.Evict(var unwanted) -> {
                roster.wantGone(unwanted);
                models.turn();
                monitor.waitForChange();
                yield Optional.empty();
            }
        };
    }

    private static void warnOfContext(ModelSlot model, LoadPlan plan) {
        plan.asked().numCtx().ifPresent(asked -> {
            if (asked > plan.longestContext()) {
                LOG.warnf("context.cut name=%s asked=%d trained=%d", model.name(), asked, plan.longestContext());
            }
        });
    }

    private void failed(ModelSlot model, Failure failure) {
        monitor.lockedRun(() -> {
            if (roster.contains(model)) {
                if (failure instanceof Cancelled) {
                    LOG.infof("model.load.cancelled name=%s", model.name());
                } else {
                    LOG.warnf("model.load.failed name=%s reason=\"%s\"", model.name(), failure.text());
                    events.loadFailed(model.name());
                }
                abandon(model, failure);
            }
            models.turn();
        });
    }

    /** Forgets a load: whoever waits for it has the failure, and whatever still comes of it is closed. */
    void abandon(ModelSlot model, Failure failure) {
        roster.remove(model);
        roster.endLoad();
        model.waiters.forEach(waiter -> deliveries.execute(() -> waiter.fail(failure)));
        model.waiters.clear();
    }

    /** Asks a load to stop, since nobody waits for it. */
    void giveUp(ModelSlot model) {
        model.givenUp = true;
        deliveries.execute(model.loading::cancel);
    }

    /** Looks whether a load has moved; under the lock. */
    void look(ModelSlot model, long now) {
        var timeout = settings.loadTimeout().orElseThrow();
        if (model.loading.fraction() != model.progress) {
            model.progress = model.loading.fraction();
            model.progressAt = now;
        }
        if (now - model.progressAt < timeout.toNanos()) {
            model.dueAt = now + timeout.toNanos() / LOOKS_PER_TIMEOUT;
            return;
        }
        LOG.errorf("model.load.stalled name=%s progress=%.2f", model.name(), model.progress);
        events.loadFailed(model.name());
        giveUp(model);
        abandon(
                model,
                new NativeFailure("timed out waiting for model '%s' to load: it has stood at %.0f %% for %s"
                        .formatted(model.name(), 100 * model.progress, GoDuration.format(timeout))));
    }
}
