// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.EngineLoader;
import dev.puna.scheduling.state.Effect;
import dev.puna.scheduling.state.Notice;
import dev.puna.scheduling.state.SchedulerEvent;
import dev.puna.scheduling.state.SchedulerState;
import dev.puna.scheduling.state.SchedulerStateMachine;
import dev.puna.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Feeds events to the state machine, under the lock, and carries out its effects, without it. Decides nothing.
 *
 * <p>Nobody stands in a row for the lock: whoever posts an event leaves it, and who has the lock takes all that are there. (On a
 * machine whose processors are busy each one of a row waits until the system has woken it, and with hundreds of requests these
 * waits add up to seconds.) So an event is usually done when {@link #post} returns, but another thread may be about to.
 * <b>Threads:</b> any.
 */
final class SchedulerShell implements SchedulerInbox {
    private static final long NOBODY = -1;

    /** Events whose effects wait for each other: in a crowd the first of it should not wait for the last. */
    private static final int AT_A_TIME = 32;

    private final SchedulerClock clock;
    private final Executor deliveries;
    private final SchedulerStateMachine machine;
    private final SlotEngines engines;
    private final SchedulerLog log;
    private final SchedulerLock lock = new SchedulerLock();
    private final AtomicLong nextRequest = new AtomicLong();
    private final Map<Long, PendingRequest> requests = new ConcurrentHashMap<>();
    private final Queue<SchedulerEvent> posted = new ConcurrentLinkedQueue<>();

    /** The state; replaced under the lock. */
    private volatile SchedulerState state = SchedulerState.EMPTY;

    SchedulerShell(EngineLoader loader, Settings settings, SchedulingEvents events, SchedulerEnvironment environment) {
        this.clock = environment.clock();
        this.deliveries = environment.deliveries();
        this.machine = new SchedulerStateMachine(settings);
        this.engines = new SlotEngines(loader, settings, environment, events);
        this.log = new SchedulerLog(events);
    }

    SchedulerState state() {
        return state;
    }

    @Override
    public boolean stopping() {
        return state.stopping();
    }

    /** A request number that was not used before. */
    long newRequest() {
        return nextRequest.getAndIncrement();
    }

    /** Grants a lease at once, on this thread, or queues the request. */
    void enter(PendingRequest request) {
        var queued = request.queued();
        requests.put(queued.id(), request);
        post(new SchedulerEvent.Requested(queued), queued.id());
    }

    void leave(PendingRequest request) {
        var id = request.queued().id();
        requests.remove(id);
        post(new SchedulerEvent.RequestCancelled(id));
    }

    /** Waits until no model is in memory and no lease is open, but no longer than the time given. */
    void waitUntilEmpty(Duration longest) {
        lock.waitUntil(() -> state.isEmpty(), longest);
    }

    @Override
    public void post(SchedulerEvent event) {
        post(event, NOBODY);
    }

    private void post(SchedulerEvent event, long caller) {
        posted.add(event);
        var own = new ArrayList<Effect>();
        try {
            // Looked at again after the lock is free: one that comes in between has found it taken.
            for (var changed = true; changed && !posted.isEmpty(); ) {
                var effects = new ArrayList<Effect>();
                try {
                    changed = lock.tryChange(() -> advanceSome(effects));
                } finally {
                    effects.stream().filter(effect -> isEndOf(caller, effect)).forEach(own::add);
                    effects.stream()
                            .filter(effect -> !isEndOf(caller, effect))
                            .forEach(effect -> carryOut(effect, caller));
                }
            }
        } finally {
            // The caller's own code runs last, so that an exception from it does not stop the effects for others.
            own.forEach(effect -> carryOut(effect, caller));
        }
    }

    private void advanceSome(List<Effect> effects) {
        for (var left = AT_A_TIME; left > 0; left--) {
            var event = posted.poll();
            if (event == null) {
                return;
            }
            effects.addAll(advance(event));
        }
    }

    private static boolean isEndOf(long request, Effect effect) {
        return effect instanceof Effect.OfRequest end && end.request() == request;
    }

    /** Under the lock, as is the clock's alarm: the last step says when to wake. */
    private List<Effect> advance(SchedulerEvent event) {
        var outcome = machine.step(state, clock.nanos(), event);
        state = outcome.state();
        if (outcome.wakeAt() == SchedulerState.NEVER) {
            clock.sleep();
        } else {
            clock.wakeAt(outcome.wakeAt(), () -> post(new SchedulerEvent.Woken()));
        }
        return outcome.effects();
    }

    /**
     * @param caller the request that is being made by this thread, whose end it takes itself
     */
    private void carryOut(Effect effect, long caller) {
        switch (effect) {
            case Effect.Grant(var request, var slot) -> grant(request, slot, caller);
            case Effect.Refuse(var request, var failure) ->
                end(request, caller, waiting -> waiting.fail(failure), () -> {});
            case Effect.OfSlot ofSlot -> engines.carryOut(ofSlot, this);
            case Effect.TrimMemory _ -> engines.trimMemory();
            case Notice notice -> log.tell(notice);
        }
    }

    private void grant(long request, long slot, long caller) {
        var engine = engines.leased(slot);
        if (engine.isPresent()) {
            var lease = new ActiveLease(slot, request, engine.get(), this);
            end(request, caller, waiting -> waiting.give(lease), lease::close);
        } else {
            // The grace period has ended in the meantime, and the engine is closed.
            post(new SchedulerEvent.LeaseClosed(slot, request));
            end(request, caller, waiting -> waiting.fail(SchedulerStateMachine.shuttingDown()), () -> {});
        }
    }

    private void end(long request, long caller, Consumer<PendingRequest> end, Runnable gone) {
        var waiting = Optional.ofNullable(requests.remove(request));
        if (waiting.isEmpty()) {
            gone.run();
        } else if (request == caller) {
            end.accept(waiting.get());
        } else {
            deliveries.execute(() -> end.accept(waiting.get()));
        }
    }
}
