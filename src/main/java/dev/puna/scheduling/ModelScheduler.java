// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;
import dev.puna.engine.EngineLoader;
import dev.puna.failure.QueueFull;
import dev.puna.failure.ShuttingDown;
import dev.puna.go.GoDuration;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.scheduling.ModelSlot.Phase;
import dev.puna.settings.Settings;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * The models in memory: who may use them, which is loaded next, and which goes.
 *
 * <p>A request that a loaded model serves has its lease at once, on its own thread. All others wait in one queue, first come
 * first served, and one load runs at a time. Whatever happens ends in {@link #turn()}, which looks at everything anew.
 * Source: contract 7.
 *
 * <p><b>Owns</b> the engines. <b>Threads:</b> any; nothing slow happens under the lock, and no caller's code runs under it.
 * <b>Close</b> waits for running answers as long as the settings say, then ends them.
 */
public final class ModelScheduler implements Scheduling, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ModelScheduler.class);

    /** How long ended answers may take to tell their clients, and engines to close. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final Settings settings;
    private final SchedulingEvents events;
    private final SchedulerClock timeline;
    private final Executor deliveries;
    private final SchedulerLock monitor = new SchedulerLock();
    private final SchedulerState roster = new SchedulerState();
    private final Loads loads;
    private volatile boolean stopping;

    /** Schedules on this machine, in real time. */
    public ModelScheduler(EngineLoader loader, Settings settings, SchedulingEvents events) {
        this(loader, settings, events, SchedulerEnvironment.real());
    }

    ModelScheduler(EngineLoader loader, Settings settings, SchedulingEvents events, SchedulerEnvironment surroundings) {
        this.settings = settings;
        this.events = events;
        this.timeline = surroundings.timeline();
        this.deliveries = surroundings.deliveries();
        this.loads = new Loads(loader, settings, events, surroundings, roster, monitor, this);
    }

    /** What work is refused with while the server stops. */
    static ShuttingDown shuttingDown() {
        return new ShuttingDown("server is shutting down");
    }

    @Override
    public Uni<Lease> lease(LeaseRequest request) {
        return new LeaseUni(request, this);
    }

    /** Whether no new work is taken. */
    public boolean stopping() {
        return stopping;
    }

    /** How much is going on. */
    public Occupancy occupancy() {
        return monitor.locked(
                () -> new Occupancy(roster.waiting(), (int) roster.ready().count(), roster.openLeases()));
    }

    @Override
    public List<RunningModel> running() {
        return monitor.locked(() -> roster.residents().stream()
                .filter(model -> model.phase != Phase.UNLOADING)
                .map(this::describe)
                .sorted(Comparator.comparing(RunningModel::expiresAt).reversed())
                .toList());
    }

    private RunningModel describe(ModelSlot model) {
        return new RunningModel(
                model.model,
                model.shownBytes(),
                model.deviceBytes(),
                model.contextLength(),
                expiry(model),
                model.phase == Phase.LOADING,
                model.leases);
    }

    /** When an idle model goes; for others, when it would go if it were idle from now on. */
    private Instant expiry(ModelSlot model) {
        var now = timeline.now();
        if (model.retired) {
            return now;
        }
        return model.isIdle() && model.dueAt != ModelSlot.NEVER
                ? now.plusNanos(model.dueAt - timeline.nanos())
                : model.keepAlive.duration().map(now::plus).orElse(Instant.MAX);
    }

    @Override
    public void expire(ModelName name) {
        monitor.lockedRun(() -> {
            for (var model : roster.residents()) {
                if (model.names.stream().anyMatch(known -> known.sameAs(name))) {
                    model.keepAlive = KeepAlive.of(Duration.ZERO);
                    roster.rest(model, timeline.nanos());
                }
            }
            turn();
        });
    }

    /** Grants at once or queues. */
    void enter(PendingRequest waiter) {
        var granted = monitor.locked(() -> {
            if (stopping) {
                throw shuttingDown();
            }
            var ready = roster.open(waiter).filter(model -> model.phase == Phase.READY);
            if (ready.isEmpty()) {
                queue(waiter);
            }
            return ready.map(model -> grant(model, waiter));
        });
        granted.ifPresent(waiter::give);
    }

    private void queue(PendingRequest waiter) {
        if (roster.waiting() > 0 && roster.queued() >= settings.maxQueue()) {
            throw new QueueFull("server busy, please try again.  maximum pending requests exceeded");
        }
        roster.add(waiter);
        turn();
    }

    void leave(PendingRequest waiter) {
        monitor.lockedRun(() -> {
            roster.remove(waiter);
            roster.loading()
                    .filter(model -> model.waiters.remove(waiter) && model.waiters.isEmpty())
                    .ifPresent(loads::giveUp);
            turn();
        });
    }

    void release(ModelSlot model) {
        monitor.lockedRun(() -> {
            roster.giveBack(model, timeline.nanos());
            turn();
        });
    }

    void retire(ModelSlot model, String reason) {
        monitor.lockedRun(() -> {
            LOG.warnf("model.retire name=%s reason=%s", model.name(), reason);
            model.retired = true;
            turn();
        });
    }

    /** Takes over what a load has made; false when nobody wants it any more. */
    boolean loaded(ModelSlot model, Engine engine) {
        return monitor.locked(() -> {
            if (!roster.contains(model)) {
                return false;
            }
            var took = Duration.ofNanos(timeline.nanos() - model.startedAt);
            LOG.infof(
                    "model.load name=%s took=%s %s",
                    model.name(), GoDuration.format(took), model.sizes(engine.memory()));
            events.loaded(model.name(), took);
            model.engine = Optional.of(engine);
            model.leased = Optional.of(new InstrumentedEngine(
                    engine, model.name(), events, this::stopping, () -> retire(model, "failures")));
            model.phase = Phase.READY;
            model.givenUp = false;
            roster.endLoad();
            roster.rest(model, timeline.nanos());
            model.waiters.forEach(waiter -> deliver(model, waiter));
            model.waiters.clear();
            turn();
            return true;
        });
    }

    /** Looks at everything anew; under the lock. */
    void turn() {
        var now = timeline.nanos();
        roster.residents().forEach(model -> look(model, now));
        serve();
        if (loadNext()) {
            serve();
        }
        monitor.changed();
        var due = roster.nextDue();
        if (due == ModelSlot.NEVER) {
            timeline.sleep();
        } else {
            timeline.wakeAt(due, () -> monitor.lockedRun(this::turn));
        }
    }

    private void look(ModelSlot model, long now) {
        switch (model.phase) {
            case LOADING -> {
                if (now >= model.dueAt) {
                    loads.look(model, now);
                }
            }
            case READY -> {
                var unwanted = model.retired || stopping || roster.isVictim(model) || now >= model.dueAt;
                if (model.leases == 0 && unwanted) {
                    unload(model);
                }
            }
            case UNLOADING -> {}
        }
    }

    /** Gives leases to all who can have one, and lets others wait for the load under way if it will do for them. */
    private void serve() {
        for (var waiter : roster.queue()) {
            roster.open(waiter).ifPresent(model -> {
                roster.remove(waiter);
                if (model.phase == Phase.READY) {
                    deliver(model, waiter);
                } else {
                    model.waiters.add(waiter);
                }
            });
        }
    }

    private void deliver(ModelSlot model, PendingRequest waiter) {
        var lease = grant(model, waiter);
        deliveries.execute(() -> waiter.give(lease));
    }

    private Lease grant(ModelSlot model, PendingRequest waiter) {
        roster.lend(model, waiter.request());
        return new ActiveLease(model, model.leased.orElseThrow(), this);
    }

    /** Begins to load for the first in the queue, unless something loads or what it replaces is in use; true if it did. */
    private boolean loadNext() {
        var queue = roster.queue();
        if (roster.loading().isPresent() || queue.isEmpty()) {
            return false;
        }
        var first = queue.getFirst();
        var old = roster.ready().filter(model -> model.key.equals(first.key())).findFirst();
        if (old.isPresent() && !old.get().isIdle()) {
            return false;
        }
        old.ifPresent(this::unload);
        loads.begin(first);
        return true;
    }

    private void unload(ModelSlot model) {
        model.phase = Phase.UNLOADING;
        model.dueAt = ModelSlot.NEVER;
        Thread.ofPlatform().daemon().name("unload-" + model.name()).start(() -> {
            try {
                model.engine.orElseThrow().close();
                LOG.infof("model.unload name=%s", model.name());
            } catch (RuntimeException failure) {
                LOG.errorf(failure, "model.unload.failed name=%s", model.name());
            }
            var last = monitor.locked(() -> {
                roster.remove(model);
                turn();
                return roster.isEmpty();
            });
            if (last && !stopping) {
                loads.rest();
            }
        });
    }

    /**
     * Takes no new work, gives running answers the time the settings grant, then ends them and unloads everything. Blocks as
     * long as that takes. A second call returns at once.
     */
    @Override
    public void close() {
        var first = monitor.locked(() -> {
            var begins = !stopping;
            stopping = true;
            roster.clearQueue().forEach(waiter -> deliveries.execute(() -> waiter.fail(shuttingDown())));
            roster.loading().ifPresent(model -> {
                loads.giveUp(model);
                loads.abandon(model, shuttingDown());
            });
            turn();
            return begins;
        });
        if (first) {
            var grace = settings.shutdownGrace();
            LOG.infof("server.drain active=%d grace=%s", occupancy().active(), GoDuration.format(grace));
            monitor.waitUntil(roster::isEmpty, grace);
            monitor.lockedRun(() -> roster.ready().toList().forEach(this::unload));
            monitor.waitUntil(roster::isEmpty, SETTLING);
            timeline.close();
        }
    }
}
