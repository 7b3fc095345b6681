// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.failure.InsufficientMemory;
import dev.puna.scheduling.Resident.Phase;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a model may be loaded beside those that are in memory, and which of them goes if not: the one with the
 * shortest keep-alive among the idle ones, else among all. Nothing is evicted for a model that would not fit alone; for one that
 * needed more than was thought, all others are. Source: contract 7, "Eviction". Called under the scheduler's lock.
 */
final class RoomMaker {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);
    private static final Comparator<Resident> FIRST_TO_GO = Comparator.<Resident, Boolean>comparing(
                    model -> !model.isIdle())
            .thenComparing(model -> model.keepAlive.duration().orElse(FOREVER))
            .thenComparing(model -> model.key.toString());

    private final LoadPlanner planner;

    RoomMaker(LoadPlanner planner) {
        this.planner = planner;
    }

    /**
     * @param newcomer what is to be loaded
     * @param residents all models, the newcomer among them
     */
    RoomDecision decide(Resident newcomer, ModelWeights weights, MachineState machine, List<Resident> residents) {
        if (residents.stream().anyMatch(model -> model.phase == Phase.UNLOADING)) {
            return new RoomDecision.Wait();
        }
        var others = residents.stream().filter(model -> model != newcomer).toList();
        var mapped = others.stream().mapToLong(Resident::mappedBytes).sum();
        var left = machine.without(mapped);
        var plan = newcomer.secondTry
                ? planner.smallest(newcomer.name(), weights, newcomer.asked, left)
                : planner.plan(newcomer.name(), weights, newcomer.asked, left);
        var most = newcomer.secondTry ? 1 : planner.mostModels(machine.devices());
        var crowded = others.size() >= most;
        if (plan.fits() && !crowded) {
            return new RoomDecision.Fits(plan);
        }
        return refusal(plan, left, others)
                .<RoomDecision>map(RoomDecision.Impossible::new)
                .or(() -> others.stream().min(FIRST_TO_GO).map(RoomDecision.Evict::new))
                .orElseGet(() -> new RoomDecision.Impossible(
                        insufficient("system", plan.need().host(), left.hostBytes())));
    }

    /** The failure, if the model does not fit even when all others are gone. */
    private static Optional<InsufficientMemory> refusal(LoadPlan plan, MachineState left, List<Resident> others) {
        if (plan.fits()) {
            return Optional.empty();
        }
        var need = plan.need();
        var onGpus = others.stream().mapToLong(Resident::deviceBytes).sum();
        var onHost = others.stream().mapToLong(Resident::bytes).sum() - onGpus;
        if (need.host() - left.hostBytes() > onHost) {
            return Optional.of(insufficient("system", need.host(), left.hostBytes()));
        }
        return need.devices() - left.gpuBytes() > onGpus
                ? Optional.of(insufficient("GPU", need.devices(), left.gpuBytes()))
                : Optional.empty();
    }

    private static InsufficientMemory insufficient(String kind, long needed, long available) {
        return new InsufficientMemory("model requires more %s memory (%s) than is available (%s)"
                .formatted(kind, MemoryNeed.text(needed), MemoryNeed.text(available)));
    }
}
