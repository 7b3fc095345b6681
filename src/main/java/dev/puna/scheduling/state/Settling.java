// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.scheduling.state.SlotState.Awaited;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InLoader;
import dev.puna.scheduling.state.SlotState.InMemory;
import dev.puna.scheduling.state.SlotState.MakingRoom;
import dev.puna.scheduling.state.SlotState.Measurement;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The second half of every step: looks at everything anew, since any event may let somebody go on. */
final class Settling {
    private final Transition step;
    private final SchedulerRules rules;

    Settling(Transition step, SchedulerRules rules) {
        this.step = step;
        this.rules = rules;
    }

    /**
     * @param before the state that the event found
     */
    void settle(SchedulerEvent event, SchedulerState before) {
        lookAtTime();
        serve();
        if (beginNext()) {
            serve();
        }
        measureAgain(event, before);
        if (event instanceof SchedulerEvent.Unloaded
                && step.state().isEmpty()
                && !step.state().stopping()) {
            step.effect(new Effect.TrimMemory());
        }
    }

    private void lookAtTime() {
        for (var slot : step.state().slots()) {
            switch (slot.state()) {
                case Idle idle when KeepAlivePolicy.isOver(idle, step.now) -> step.unload(slot);
                case InLoader load
                when step.now >= load.watch().checkAt() -> {
                    step.put(slot.with(load.with(load.watch().lookAgain(step.now, rules.loadTimeout()))));
                    step.effect(new Effect.AskProgress(slot.id()));
                }
                default -> {}
            }
        }
    }

    /** Gives leases to all whose turn it is, and lets others wait for the load under way if it will do for them. */
    private void serve() {
        step.state().pending().ifPresent(this::join);
        for (var turn = TurnPolicy.next(step.state()); turn.isPresent(); turn = TurnPolicy.next(step.state())) {
            step.removeFromQueue(turn.get().request());
            step.grant(turn.get().slot().id(), turn.get().request());
        }
    }

    private void join(ModelSlot slot) {
        if (!(slot.state() instanceof Awaited awaited)) {
            return;
        }
        var openings = new Openings(step.state());
        var apart = step.state().queue().stream()
                .collect(Collectors.partitioningBy(request -> openings.forRequest(request)
                        .filter(open -> open.id() == slot.id())
                        .isPresent()));
        var joining = requireNonNull(apart.get(true));
        if (!joining.isEmpty()) {
            var all = Stream.concat(awaited.requests().stream(), joining.stream());
            step.change(state -> state.withQueue(requireNonNull(apart.get(false))));
            step.put(slot.with(awaited.with(all.toList())));
        }
    }

    /** Begins to load for the first in the queue who needs that, unless something loads or what it replaces is in use; true if it did. */
    private boolean beginNext() {
        var state = step.state();
        var next = state.pending().isPresent() ? Optional.<QueuedRequest>empty() : new Openings(state).firstForLoad();
        if (next.isEmpty()) {
            return false;
        }
        var first = next.get();
        var old = state.slots().stream()
                .filter(slot -> slot.state() instanceof InMemory && slot.key().equals(first.key()))
                .findFirst();
        if (old.isPresent() && !(old.get().state() instanceof Idle)) {
            return false;
        }
        old.ifPresent(step::unload);
        var slot = ModelSlot.begin(
                state.nextSlot(),
                first,
                state.exhausted(first, step.now),
                rules.keepAlive().atFirst(first),
                step.now);
        step.removeFromQueue(first);
        step.change(before -> before.begin(slot));
        step.effect(new Effect.Measure(slot.id(), slot.model()));
        return true;
    }

    /** Lets a load that waits for room check whether this event has made any. */
    private void measureAgain(SchedulerEvent event, SchedulerState before) {
        // By identity: a step that changes no slot keeps the list.
        var changed = before.slots() != step.state().slots();
        if (event instanceof SchedulerEvent.Measured || !changed) {
            return;
        }
        step.state().pending().ifPresent(slot -> {
            if (slot.state() instanceof MakingRoom making) {
                if (making.measurement() == Measurement.TOO_LITTLE) {
                    step.put(slot.with(making.with(Measurement.RUNNING)));
                    step.effect(new Effect.Measure(slot.id(), slot.model()));
                } else if (event instanceof SchedulerEvent.Unloaded) {
                    step.put(slot.with(making.with(Measurement.OUTDATED)));
                }
            }
        });
    }
}
