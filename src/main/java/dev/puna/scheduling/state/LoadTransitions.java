// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.failure.Cancelled;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.ModelRefused;
import dev.puna.failure.NativeFailure;
import dev.puna.go.GoDuration;
import dev.puna.scheduling.plan.LoadPlan;
import dev.puna.scheduling.state.SlotState.Draining;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InLoader;
import dev.puna.scheduling.state.SlotState.InMemory;
import dev.puna.scheduling.state.SlotState.Loading;
import dev.puna.scheduling.state.SlotState.MakingRoom;
import dev.puna.scheduling.state.SlotState.Measurement;
import dev.puna.scheduling.state.SlotState.Pending;
import dev.puna.scheduling.state.SlotState.Reason;
import dev.puna.scheduling.state.SlotState.Unloaded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The transitions for events from loads and engines. */
final class LoadTransitions {
    private final Transition step;
    private final SchedulerRules rules;

    LoadTransitions(Transition step, SchedulerRules rules) {
        this.step = step;
        this.rules = rules;
    }

    void measured(SchedulerEvent.Measured measured) {
        var slot = step.state().slot(measured.slot());
        if (slot.isEmpty()) {
            step.effect(new Effect.Forget(measured.slot()));
        } else if (slot.get().state() instanceof MakingRoom making) {
            measured(slot.get(), making, measured);
        }
    }

    private void measured(ModelSlot slot, MakingRoom making, SchedulerEvent.Measured measured) {
        if (making.measurement() == Measurement.OUTDATED) {
            step.put(slot.with(making.with(Measurement.RUNNING)));
            step.effect(new Effect.Measure(slot.id(), slot.model()));
        } else {
            admit(slot, making, measured);
        }
    }

    private void admit(ModelSlot slot, MakingRoom making, SchedulerEvent.Measured measured) {
        switch (decide(slot, making, measured)) {
            case Admission.Fits(var plan) -> load(slot, making, plan);
            case Admission.Impossible(var failure) -> end(slot, failure);
            case Admission.Wait() -> step.put(slot.with(making.with(Measurement.TOO_LITTLE)));
            case Admission.Evict(var victim) -> {
                step.put(slot.with(making.with(Measurement.TOO_LITTLE)));
                step.undoEvictions();
                step.drain(step.state().slot(victim.id()).orElseThrow(), Reason.EVICTED);
            }
        }
    }

    private void load(ModelSlot slot, MakingRoom making, LoadPlan plan) {
        plan.asked().numCtx().ifPresent(asked -> {
            if (asked > plan.longestContext()) {
                step.effect(new Notice.ContextCut(slot.name(), asked, plan.longestContext()));
            }
        });
        step.put(slot.with(new Loading(making.requests(), plan, StallWatch.begin(step.now, rules.loadTimeout()))));
        step.undoEvictions();
        step.effect(new Effect.Load(slot.id(), plan.spec()));
    }

    void loaded(SchedulerEvent.Loaded loaded) {
        var slot = step.state().slot(loaded.slot());
        if (slot.isEmpty() || !(slot.get().state() instanceof InLoader load)) {
            step.effect(new Effect.Discard(loaded.slot()));
            return;
        }
        var ready = slot.get();
        var engine = new LoadedEngine(load.planned(), loaded.memory(), loaded.contextLength());
        step.effect(new Notice.ModelLoaded(
                ready.name(), Duration.ofNanos(step.now - ready.startedAt()), load.planned(), loaded.memory()));
        step.put(ready.with(new Idle(engine, KeepAlivePolicy.expiry(ready.keepAlive(), step.now))));
        grant(ready.id(), load.requests());
    }

    /** Gives leases to as many as can work at a time; the others wait for their turn in the queue, before those who came later. */
    private void grant(long id, List<QueuedRequest> requests) {
        var waiting = new ArrayList<>(requests);
        for (var next = next(id, waiting); next.isPresent(); next = next(id, waiting)) {
            var granted = next.get();
            waiting.removeIf(request -> request.id() == granted.id());
            step.grant(id, granted);
        }
        step.change(state -> state.withQueue(Stream.concat(waiting.stream(), state.queue().stream())
                .sorted(Comparator.comparingLong(QueuedRequest::id))
                .toList()));
    }

    private Optional<QueuedRequest> next(long id, List<QueuedRequest> waiting) {
        return TurnPolicy.next(step.state(), step.state().slot(id).orElseThrow(), waiting);
    }

    void exhausted(long id, InsufficientMemory reason) {
        var slot = step.state().slot(id);
        if (slot.isPresent() && slot.get().state() instanceof Loading(var requests, var plan, var _)) {
            var failed = new FailedLoad(plan, reason, step.state().slots().size() == 1);
            step.effect(new Notice.LoadRetried(slot.get().name(), plan, reason));
            step.put(slot.get().with(new MakingRoom(requests, Optional.of(failed), Measurement.RUNNING)));
            step.effect(new Effect.Measure(id, slot.get().model()));
        } else {
            failed(id, new Cancelled("the load was given up"));
        }
    }

    /** A model that computes has run out of memory: it goes, and if any of it is on GPUs, less of it comes back. */
    void exhaustedLater(long id, InsufficientMemory reason) {
        step.state().slot(id).filter(LoadTransitions::isKept).ifPresent(slot -> {
            slot.state()
                    .plan()
                    .filter(plan -> plan.spec().placement().layers() > 0)
                    .ifPresent(plan -> step.change(
                            state -> state.with(Exhaustion.of(slot.key(), plan, reason, step.now), step.now)));
            step.effect(new Notice.ModelRetired(slot.name(), "memory"));
            step.drain(slot, Reason.RETIRED);
        });
    }

    /** Each answer that fails of it says so. */
    private static boolean isKept(ModelSlot slot) {
        return slot.state() instanceof InMemory
                && !(slot.state() instanceof Draining(var _, var _, var reason) && reason == Reason.RETIRED);
    }

    void failed(long id, Failure failure) {
        var slot = step.state().slot(id);
        if (slot.isEmpty()) {
            step.effect(new Effect.Forget(id));
        } else if (slot.get().state() instanceof Pending) {
            end(slot.get(), failure);
        }
    }

    private void end(ModelSlot slot, Failure failure) {
        step.effect(
                switch (failure) {
                    case Cancelled _ -> new Notice.LoadCancelled(slot.name());
                    case ModelRefused _ -> new Notice.LoadHeldBack(slot.name());
                    default -> new Notice.LoadRefused(slot.name(), failure.text());
                });
        step.abandon(slot, failure);
        step.effect(new Effect.Forget(slot.id()));
    }

    void progressed(long id, double fraction) {
        step.state().slot(id).ifPresent(slot -> {
            if (slot.state() instanceof InLoader load) {
                var watch = load.watch().seen(fraction, step.now);
                if (watch.stalled(step.now, rules.loadTimeout())) {
                    giveUp(slot, fraction);
                } else {
                    step.put(slot.with(load.with(watch)));
                }
            }
        });
    }

    /** Gives up a stalled load: its requests fail now, and an engine that it still makes is closed. */
    private void giveUp(ModelSlot slot, double fraction) {
        var timeout = rules.loadTimeout().orElseThrow();
        step.effect(new Notice.LoadStalled(slot.name(), fraction));
        step.effect(new Effect.CancelLoad(slot.id()));
        step.abandon(
                slot,
                new NativeFailure("timed out waiting for model '%s' to load: it has stood at %.0f %% for %s"
                        .formatted(slot.name(), 100 * fraction, GoDuration.format(timeout))));
    }

    void unloaded(long id) {
        step.state().slot(id).ifPresent(slot -> {
            if (slot.state().leases() == 0) {
                step.remove(slot);
            } else {
                step.put(slot.with(new Unloaded(slot.state().leases())));
            }
        });
    }

    private Admission decide(ModelSlot slot, MakingRoom making, SchedulerEvent.Measured measured) {
        try {
            return rules.eviction()
                    .decide(
                            slot,
                            making,
                            measured.weights(),
                            measured.machine(),
                            step.state().slots());
        } catch (InvalidRequest refused) {
            return new Admission.Impossible(refused);
        }
    }
}
