// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.failure.Failure;
import dev.puna.scheduling.state.SlotState.Draining;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InMemory;
import dev.puna.scheduling.state.SlotState.InUse;
import dev.puna.scheduling.state.SlotState.Pending;
import dev.puna.scheduling.state.SlotState.Reason;
import dev.puna.scheduling.state.SlotState.Unloading;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** One step in the making: the state as it is by now, the effects so far, and the changes that more than one event makes. */
final class Transition {
    final long now;
    private final List<Effect> effects = new ArrayList<>();
    private SchedulerState state;

    Transition(SchedulerState state, long now) {
        this.state = state;
        this.now = now;
    }

    SchedulerState state() {
        return state;
    }

    void change(UnaryOperator<SchedulerState> change) {
        state = change.apply(state);
    }

    void effect(Effect effect) {
        effects.add(effect);
    }

    SchedulerStateMachine.Outcome outcome() {
        return new SchedulerStateMachine.Outcome(state, effects, state.nextDue());
    }

    /** Replaces the slot of the same number. */
    void put(ModelSlot slot) {
        state = state.withSlots(state.slots().stream()
                .map(old -> old.id() == slot.id() ? slot : old)
                .toList());
    }

    void remove(ModelSlot slot) {
        state = state.withSlots(
                state.slots().stream().filter(old -> old.id() != slot.id()).toList());
    }

    void removeFromQueue(QueuedRequest request) {
        state = state.withQueue(state.queue().stream()
                .filter(queued -> queued.id() != request.id())
                .toList());
    }

    /** Opens a lease of a slot whose model is in memory. */
    void grant(long id, QueuedRequest request) {
        var slot = state.slot(id).orElseThrow();
        var used = used((InMemory) slot.state());
        put(slot.with(request.model().name())
                .with(KeepAlivePolicy.afterLease(slot.keepAlive(), request))
                .with(used));
        state = state.with(new OpenLease(request.id(), id, request.work(), request.caller()));
        effect(new Effect.Grant(request.id(), id));
    }

    private static SlotState used(InMemory memory) {
        return memory instanceof Draining(var loaded, var leases, var reason)
                ? new Draining(loaded, leases + 1, reason)
                : new InUse(memory.loaded(), memory.leases() + 1);
    }

    /** Closes the engine, used or not. */
    void unload(ModelSlot slot) {
        put(slot.with(new Unloading(slot.state().leases())));
        effect(new Effect.Unload(slot.id()));
    }

    /** Lets a slot give no more leases; it goes when the last one is closed. */
    void drain(ModelSlot slot, Reason reason) {
        switch (slot.state()) {
            case Idle _ -> unload(slot);
            case InUse(var loaded, var leases) -> put(slot.with(new Draining(loaded, leases, reason)));
            case Draining(var loaded, var leases, var before)
            when before == Reason.EVICTED -> put(slot.with(new Draining(loaded, leases, reason)));
            default -> {}
        }
    }

    /** Lets slots give leases again that were to go for a load which has its room, or is no more. */
    void undoEvictions() {
        for (var slot : state.slots()) {
            if (slot.state() instanceof Draining(var loaded, var leases, var reason) && reason == Reason.EVICTED) {
                put(slot.with(new InUse(loaded, leases)));
            }
        }
    }

    /** Ends a load without an engine: whoever waits for it has the failure. */
    void abandon(ModelSlot slot, Failure failure) {
        remove(slot);
        if (slot.state() instanceof Pending pending) {
            pending.requests().forEach(request -> effect(new Effect.Refuse(request.id(), failure)));
        }
        undoEvictions();
    }
}
