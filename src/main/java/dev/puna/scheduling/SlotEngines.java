// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.engine.EngineSpec;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.NativeFailure;
import dev.puna.scheduling.plan.MachineState;
import dev.puna.scheduling.state.Effect;
import dev.puna.scheduling.state.SchedulerEvent;
import dev.puna.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Carries out what the state machine wants done with models. What takes long has a thread of its own, since a native load
 * blocks for seconds; what comes of it is an event. <b>Owns</b> the engines. <b>Threads:</b> any.
 */
final class SlotEngines {
    private static final Logger LOG = Logger.getLogger(ModelScheduler.class);

    private final EngineLoader loader;
    private final Settings settings;
    private final SchedulerEnvironment environment;
    private final SchedulingEvents events;
    private final Map<Long, SlotEngine> slots = new ConcurrentHashMap<>();

    SlotEngines(EngineLoader loader, Settings settings, SchedulerEnvironment environment, SchedulingEvents events) {
        this.loader = loader;
        this.settings = settings;
        this.environment = environment;
        this.events = events;
    }

    /** The engine of a slot as leases show it, unless it is closed already. */
    Optional<Engine> leased(long slot) {
        return known(slot).map(SlotEngine::leased);
    }

    /** Ends engines that are not needed, begins loads, and so on; whatever comes of it is posted. */
    void carryOut(Effect.OfSlot effect, SchedulerInbox inbox) {
        var id = effect.slot();
        switch (effect) {
            case Effect.Measure(var _, var model) -> {
                var slot = slots.computeIfAbsent(id, _ -> new SlotEngine(model));
                start(id, slot, inbox, () -> inbox.post(new SchedulerEvent.Measured(id, slot.weights(), machine())));
            }
            case Effect.Load(var _, var spec) ->
                known(id).ifPresent(slot -> start(id, slot, inbox, () -> load(id, slot, spec, inbox)));
            case Effect.CancelLoad _ -> known(id).ifPresent(slot -> slot.loading.cancel());
            case Effect.AskProgress _ ->
                known(id).ifPresent(slot -> inbox.post(new SchedulerEvent.Progressed(id, slot.loading.fraction())));
            case Effect.Unload _ -> known(id).ifPresent(slot -> unload(id, slot, inbox));
            case Effect.Discard _ -> Optional.ofNullable(slots.remove(id)).ifPresent(SlotEngine::close);
            case Effect.Forget _ -> slots.remove(id);
        }
    }

    /** Gives unused memory back to the system; called when no engine is left. */
    void trimMemory() {
        loader.trimMemory();
    }

    private Optional<SlotEngine> known(long id) {
        return Optional.ofNullable(slots.get(id));
    }

    private MachineState machine() {
        return new MachineState(loader.devices(), environment.freeMemory().getAsLong(), settings.computeThreads());
    }

    /** Runs a part of a load on a thread of its own. */
    private void start(long id, SlotEngine slot, SchedulerInbox inbox, Runnable work) {
        try {
            environment.threads().start("load-" + slot.name(), () -> attempt(id, slot, inbox, work));
        } catch (OutOfMemoryError exhausted) {
            inbox.post(new SchedulerEvent.LoadFailed(id, exhaustion(slot, exhausted)));
        }
    }

    private static void attempt(long id, SlotEngine slot, SchedulerInbox inbox, Runnable work) {
        try {
            work.run();
        } catch (Failure failure) {
            inbox.post(new SchedulerEvent.LoadFailed(id, failure));
        } catch (OutOfMemoryError exhausted) {
            inbox.post(new SchedulerEvent.LoadFailed(id, exhaustion(slot, exhausted)));
        } catch (RuntimeException | LinkageError unexpected) {
            LOG.errorf(unexpected, "model.load.failed name=%s", slot.name());
            inbox.post(new SchedulerEvent.LoadFailed(
                    id, new NativeFailure("cannot load model '" + slot.name() + "': " + unexpected, unexpected)));
        }
    }

    /** The JVM says so, too, when it is threads that it cannot have. */
    private static NativeFailure exhaustion(SlotEngine slot, OutOfMemoryError exhausted) {
        return new NativeFailure(
                "cannot load model '" + slot.name() + "': " + exhausted.getMessage()
                        + "; allow this process more threads (ulimit -u, TasksMax) or memory",
                exhausted);
    }

    private void load(long id, SlotEngine slot, EngineSpec spec, SchedulerInbox inbox) {
        Engine engine;
        try {
            engine = loader.load(spec, slot.loading);
        } catch (InsufficientMemory underestimated) {
            inbox.post(new SchedulerEvent.MemoryExhausted(id, underestimated));
            return;
        }
        slot.took(
                engine,
                new InstrumentedEngine(
                        engine,
                        slot.name(),
                        events,
                        inbox::stopping,
                        () -> inbox.post(new SchedulerEvent.Retired(id, "failures")),
                        lack -> inbox.post(new SchedulerEvent.ComputingExhausted(id, lack))));
        inbox.post(new SchedulerEvent.Loaded(id, engine.memory(), engine.facts().contextLength()));
        engine.onDeath(failure -> inbox.post(
                failure instanceof InsufficientMemory lack
                        ? new SchedulerEvent.ComputingExhausted(id, lack)
                        : new SchedulerEvent.Retired(id, "crash")));
    }

    private void unload(long id, SlotEngine slot, SchedulerInbox inbox) {
        try {
            environment.threads().start("unload-" + slot.name(), () -> end(id, slot, inbox));
        } catch (OutOfMemoryError exhausted) {
            // No thread for it: its own then become free.
            LOG.warnf("model.unload.waits name=%s reason=\"%s\"", slot.name(), exhausted.getMessage());
            end(id, slot, inbox);
        }
    }

    private void end(long id, SlotEngine slot, SchedulerInbox inbox) {
        try {
            slot.close();
            LOG.infof("model.unload name=%s", slot.name());
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "model.unload.failed name=%s", slot.name());
        }
        slots.remove(id);
        inbox.post(new SchedulerEvent.Unloaded(id));
    }
}
