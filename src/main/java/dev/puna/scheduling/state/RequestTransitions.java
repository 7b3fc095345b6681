// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.failure.QueueFull;
import dev.puna.model.ModelName;
import dev.puna.scheduling.state.SlotState.Awaited;
import dev.puna.scheduling.state.SlotState.Cancelling;
import dev.puna.scheduling.state.SlotState.Draining;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InLoader;
import dev.puna.scheduling.state.SlotState.InMemory;
import dev.puna.scheduling.state.SlotState.InUse;
import dev.puna.scheduling.state.SlotState.Loading;
import dev.puna.scheduling.state.SlotState.MakingRoom;
import dev.puna.scheduling.state.SlotState.Reason;
import dev.puna.scheduling.state.SlotState.Unloaded;
import dev.puna.scheduling.state.SlotState.Unloading;
import java.util.stream.Stream;

/** The transitions for events from users of models: a request, its withdrawal, a closed lease, an unload, a server stop. */
final class RequestTransitions {
    private final Transition step;
    private final SchedulerRules rules;

    RequestTransitions(Transition step, SchedulerRules rules) {
        this.step = step;
        this.rules = rules;
    }

    void enter(QueuedRequest request) {
        var state = step.state();
        if (state.stopping()) {
            step.effect(new Effect.Refuse(request.id(), SchedulerStateMachine.shuttingDown()));
            return;
        }
        var ready = new Openings(state).forRequest(request).filter(slot -> slot.state() instanceof InMemory);
        if (ready.filter(slot -> TurnPolicy.hasRoom(state, slot, request.work()))
                .isPresent()) {
            step.grant(ready.get().id(), request);
        } else if ((ready.isPresent() || state.waiting() > 0) && state.queued() >= rules.maxQueue()) {
            overflow(request);
        } else {
            queue(request);
        }
    }

    private void queue(QueuedRequest request) {
        step.change(state -> state.withQueue(
                Stream.concat(state.queue().stream(), Stream.of(request)).toList()));
    }

    /** One more waits than may: somebody is refused, and that is the newcomer unless others have more in the queue. */
    private void overflow(QueuedRequest newcomer) {
        var refused = TurnPolicy.refused(step.state(), newcomer);
        refused.ifPresent(request -> {
            step.removeFromQueue(request);
            queue(newcomer);
        });
        step.effect(new Effect.Refuse(
                refused.orElse(newcomer).id(),
                new QueueFull("server busy, please try again.  maximum pending requests exceeded")));
    }

    void leave(long request) {
        step.change(state -> state.withQueue(
                state.queue().stream().filter(queued -> queued.id() != request).toList()));
        step.state().pending().ifPresent(slot -> {
            if (slot.state() instanceof Awaited awaited
                    && awaited.requests().stream().anyMatch(waiting -> waiting.id() == request)) {
                leave(slot, awaited, request);
            }
        });
    }

    /** Withdraws a request from a load, which is cancelled when no request waits for it any more. */
    private void leave(ModelSlot slot, Awaited awaited, long request) {
        var others = awaited.requests().stream()
                .filter(waiting -> waiting.id() != request)
                .toList();
        if (!others.isEmpty()) {
            step.put(slot.with(awaited.with(others)));
            return;
        }
        switch (awaited) {
            case MakingRoom _ -> {
                step.effect(new Notice.LoadCancelled(slot.name()));
                step.effect(new Effect.Forget(slot.id()));
                step.remove(slot);
                step.undoEvictions();
            }
            case Loading(var _, var plan, var watch) -> {
                step.put(slot.with(new Cancelling(plan, watch)));
                step.effect(new Effect.CancelLoad(slot.id()));
            }
        }
    }

    void giveBack(long id, long request) {
        step.change(state -> state.withoutLease(request));
        step.state().slot(id).ifPresent(slot -> {
            var left = slot.state().leases() - 1;
            switch (slot.state()) {
                case InUse(var loaded, var _) ->
                    step.put(slot.with(
                            left > 0
                                    ? new InUse(loaded, left)
                                    : new Idle(loaded, KeepAlivePolicy.expiry(slot.keepAlive(), step.now))));
                case Draining(var loaded, var _, var reason) -> {
                    step.put(slot.with(new Draining(loaded, left, reason)));
                    if (left == 0) {
                        step.unload(step.state().slot(id).orElseThrow());
                    }
                }
                case Unloading _ -> step.put(slot.with(new Unloading(left)));
                case Unloaded _ -> {
                    step.put(slot.with(new Unloaded(left)));
                    if (left == 0) {
                        step.remove(slot);
                    }
                }
                default -> throw new IllegalStateException("a lease was closed that is not open: " + slot.state());
            }
        });
    }

    void retire(long id, String reason) {
        step.state().slot(id).ifPresent(slot -> {
            step.effect(new Notice.ModelRetired(slot.name(), reason));
            step.drain(slot, Reason.RETIRED);
        });
    }

    void expire(ModelName name) {
        for (var slot : step.state().slots()) {
            if (slot.isCalled(name)) {
                var unwanted = slot.with(KeepAlivePolicy.unwanted());
                step.put(
                        slot.state() instanceof Idle(var loaded, var _)
                                ? unwanted.with(
                                        new Idle(loaded, KeepAlivePolicy.expiry(unwanted.keepAlive(), step.now)))
                                : unwanted);
            }
        }
    }

    void stop() {
        if (step.state().stopping()) {
            return;
        }
        step.state()
                .queue()
                .forEach(request -> step.effect(new Effect.Refuse(request.id(), SchedulerStateMachine.shuttingDown())));
        step.change(SchedulerState::stop);
        step.state().pending().ifPresent(slot -> {
            step.effect(
                    slot.state() instanceof InLoader ? new Effect.CancelLoad(slot.id()) : new Effect.Forget(slot.id()));
            step.abandon(slot, SchedulerStateMachine.shuttingDown());
        });
        step.state().slots().forEach(slot -> step.drain(slot, Reason.STOPPING));
    }

    void endGrace() {
        step.state().slots().stream()
                .filter(slot -> slot.state() instanceof InMemory)
                .forEach(step::unload);
    }
}
