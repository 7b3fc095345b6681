// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.EngineMemory;
import dev.puna.go.GoDuration;
import dev.puna.scheduling.plan.LoadPlan;
import dev.puna.scheduling.state.Notice;
import org.jboss.logging.Logger;

/** Tells the log, and whoever counts, what happens to models. Any thread. */
final class SchedulerLog {
    private static final Logger LOG = Logger.getLogger(ModelScheduler.class);

    private final SchedulingEvents events;

    SchedulerLog(SchedulingEvents events) {
        this.events = events;
    }

    void tell(Notice notice) {
        switch (notice) {
            case Notice.ModelLoaded(var name, var took, var plan, var memory) -> {
                LOG.infof("model.load name=%s took=%s %s", name, GoDuration.format(took), sizes(plan, memory));
                events.loaded(name, took);
            }
            case Notice.LoadRetried(var name, var plan, var reason) ->
                LOG.warnf(
                        "model.load.retry name=%s context=%d sequences=%d gpu_layers=%d reason=\"%s\"",
                        name,
                        plan.spec().contextLength(),
                        plan.spec().sequences(),
                        plan.spec().placement().layers(),
                        reason.text());
            case Notice.LoadCancelled(var name) -> LOG.infof("model.load.cancelled name=%s", name);
            case Notice.LoadRefused(var name, var reason) -> {
                LOG.warnf("model.load.failed name=%s reason=\"%s\"", name, reason);
                events.loadFailed(name);
            }
            case Notice.LoadHeldBack(var name) -> events.loadFailed(name);
            case Notice.LoadStalled(var name, var fraction) -> {
                LOG.errorf("model.load.stalled name=%s progress=%.2f", name, fraction);
                events.loadFailed(name);
            }
            case Notice.ContextCut(var name, var asked, var trained) ->
                LOG.warnf("context.cut name=%s asked=%d trained=%d", name, asked, trained);
            case Notice.ModelRetired(var name, var reason) -> LOG.warnf("model.retire name=%s reason=%s", name, reason);
        }
    }

    /** The plan of a load beside the memory that the engine really takes, in bytes. */
    private static String sizes(LoadPlan plan, EngineMemory real) {
        return "context=%d sequences=%d gpu_layers=%d planned=%d memory=%d planned_gpu=%d memory_gpu=%d"
                .formatted(
                        plan.spec().contextLength(),
                        plan.spec().sequences(),
                        plan.spec().placement().layers(),
                        plan.need().total(),
                        real.total(),
                        plan.need().devices(),
                        real.onDevices());
    }
}
