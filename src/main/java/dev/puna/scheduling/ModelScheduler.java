// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.EngineLoader;
import dev.puna.engine.Refusal;
import dev.puna.go.GoDuration;
import dev.puna.model.ModelName;
import dev.puna.scheduling.state.KeepAlivePolicy;
import dev.puna.scheduling.state.ModelSlot;
import dev.puna.scheduling.state.SchedulerEvent;
import dev.puna.scheduling.state.SlotState;
import dev.puna.settings.Settings;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The models in memory: who may use them, which is loaded next, and which goes.
 *
 * <p>A request that a loaded model has room for has its lease at once, on its own thread. All others wait in one queue: for
 * their turn with a loaded model, which goes round the callers, or for a load, first come first served, one at a time. All that is decided is decided by
 * {@link dev.puna.scheduling.state.SchedulerStateMachine}. Source: contract 7.
 *
 * <p><b>Owns</b> the engines. <b>Threads:</b> any; nothing slow happens under the lock, and no caller's code runs under it.
 * <b>Close</b> waits for running answers as long as the settings say, then ends them.
 */
public final class ModelScheduler implements Scheduling, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ModelScheduler.class);

    /** How long ended answers may take to tell their clients, and engines to close. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final EngineLoader loader;
    private final Settings settings;
    private final SchedulerClock clock;
    private final SchedulerShell shell;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Schedules on this machine, in real time. */
    public ModelScheduler(EngineLoader loader, Settings settings, SchedulingEvents events) {
        this(loader, settings, events, SchedulerEnvironment.real());
    }

    ModelScheduler(EngineLoader loader, Settings settings, SchedulingEvents events, SchedulerEnvironment environment) {
        this.loader = loader;
        this.settings = settings;
        this.clock = environment.clock();
        this.shell = new SchedulerShell(loader, settings, events, environment);
    }

    @Override
    public Uni<Lease> lease(LeaseRequest request) {
        return new LeaseUni(request, shell);
    }

    /** Whether no new work is taken. */
    public boolean stopping() {
        return shell.stopping();
    }

    /** How much is going on. */
    public Occupancy occupancy() {
        var state = shell.state();
        return new Occupancy(state.waiting(), state.loaded(), state.leases().size());
    }

    @Override
    public List<RunningModel> running() {
        return shell.state().slots().stream()
                .filter(slot -> slot.state() instanceof SlotState.Pending || slot.state() instanceof SlotState.InMemory)
                .map(this::describe)
                .sorted(Comparator.comparing(RunningModel::expiresAt).reversed())
                .toList();
    }

    @Override
    public List<Refusal> refusals() {
        return loader.refusals();
    }

    private RunningModel describe(ModelSlot slot) {
        return new RunningModel(
                slot.model(),
                slot.shownBytes(),
                slot.deviceBytes(),
                slot.contextLength(),
                KeepAlivePolicy.shown(slot, clock.nanos(), clock.now()),
                slot.state() instanceof SlotState.Pending,
                slot.state().leases());
    }

    @Override
    public void expire(ModelName name) {
        shell.post(new SchedulerEvent.Expired(name));
    }

    /**
     * Takes no new work, gives running answers the time the settings grant, then ends them and unloads everything. Blocks as
     * long as that takes. A second call returns at once.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            shell.post(new SchedulerEvent.StopRequested());
            var grace = settings.shutdownGrace();
            LOG.infof("server.drain active=%d grace=%s", occupancy().active(), GoDuration.format(grace));
            shell.waitUntilEmpty(grace);
            shell.post(new SchedulerEvent.GraceEnded());
            shell.waitUntilEmpty(SETTLING);
            clock.close();
        }
    }
}
