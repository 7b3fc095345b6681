// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.failure.ShuttingDown;
import dev.puna.settings.Settings;
import java.util.List;

/**
 * The scheduler's one step: from a state, a moment and an event to the next state and what is to be done. Pure: the same
 * arguments always give the same outcome.
 */
public final class SchedulerStateMachine {
    private final SchedulerRules rules;

    /** Decides with what these settings say of the queue, keep-alive, loads and models. */
    public SchedulerStateMachine(Settings settings) {
        this.rules = SchedulerRules.of(settings);
    }

    /**
     * What follows from an event.
     *
     * @param state the next state
     * @param effects to be carried out in this order
     * @param wakeAt when to post {@link SchedulerEvent.Woken} if nothing happens before, {@link SchedulerState#NEVER} for not at
     *     all; replaces what the step before said
     */
    public record Outcome(SchedulerState state, List<Effect> effects, long wakeAt) {
        /** Copies the list. */
        public Outcome {
            effects = List.copyOf(effects);
        }
    }

    /** What work is refused with while the server stops. */
    public static ShuttingDown shuttingDown() {
        return new ShuttingDown("server is shutting down");
    }

    /**
     * Takes one step.
     *
     * @param now nanoseconds on a clock that only goes forward
     */
    public Outcome step(SchedulerState state, long now, SchedulerEvent event) {
        var transition = new Transition(state, now);
        var requests = new RequestTransitions(transition, rules);
        var loads = new LoadTransitions(transition, rules);
        switch (event) {
            case SchedulerEvent.Requested(var request) -> requests.enter(request);
            case SchedulerEvent.RequestCancelled(var request) -> requests.leave(request);
            case SchedulerEvent.LeaseClosed(var slot, var request) -> requests.giveBack(slot, request);
            case SchedulerEvent.Retired(var slot, var reason) -> requests.retire(slot, reason);
            case SchedulerEvent.Expired(var name) -> requests.expire(name);
            case SchedulerEvent.Measured measured -> loads.measured(measured);
            case SchedulerEvent.Loaded loaded -> loads.loaded(loaded);
            case SchedulerEvent.MemoryExhausted(var slot, var reason) -> loads.exhausted(slot, reason);
            case SchedulerEvent.ComputingExhausted(var slot, var reason) -> loads.exhaustedLater(slot, reason);
            case SchedulerEvent.LoadFailed(var slot, var failure) -> loads.failed(slot, failure);
            case SchedulerEvent.Progressed(var slot, var fraction) -> loads.progressed(slot, fraction);
            case SchedulerEvent.Unloaded(var slot) -> loads.unloaded(slot);
            case SchedulerEvent.Woken() -> {}
            case SchedulerEvent.StopRequested() -> requests.stop();
            case SchedulerEvent.GraceEnded() -> requests.endGrace();
        }
        new Settling(transition, rules).settle(event, state);
        return transition.outcome();
    }
}
