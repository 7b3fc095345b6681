// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.failure.InsufficientMemory;
import dev.puna.scheduling.plan.LoadPlan;
import dev.puna.scheduling.plan.LoadPlanner;
import dev.puna.scheduling.plan.MachineState;
import dev.puna.scheduling.plan.MemoryRequirement;
import dev.puna.scheduling.plan.ModelWeights;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.MakingRoom;
import dev.puna.scheduling.state.SlotState.Unloading;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a model may be loaded beside those that are in memory, and which of them goes if not: the one with the
 * shortest keep-alive among the idle ones, else among all. An idle model also goes where a newcomer would have more of its layers
 * on GPUs. Nothing is evicted for a model that would not fit alone; for one that needed more than was thought, all others are.
 * Pure. Source: contract 7.5.
 */
final class EvictionPolicy {
    private static final Comparator<ModelSlot> FIRST_TO_GO = Comparator.<ModelSlot, Boolean>comparing(
                    slot -> !isIdle(slot))
            .thenComparing(KeepAlivePolicy::length)
            .thenComparing(slot -> slot.key().toString());

    private final LoadPlanner planner;

    EvictionPolicy(LoadPlanner planner) {
        this.planner = planner;
    }

    /**
     * @param newcomer what is to be loaded
     * @param making the newcomer's state
     * @param slots all models, the newcomer among them
     */
    Admission decide(
            ModelSlot newcomer, MakingRoom making, ModelWeights weights, MachineState machine, List<ModelSlot> slots) {
        if (slots.stream().anyMatch(slot -> slot.state() instanceof Unloading)) {
            return new Admission.Wait();
        }
        var others = slots.stream().filter(slot -> slot.id() != newcomer.id()).toList();
        var mapped = others.stream()
                .flatMap(slot -> slot.loaded().stream())
                .mapToLong(LoadedEngine::mappedBytes)
                .sum();
        var left = machine.without(mapped);
        if (making.failed().isPresent()) {
            return decideAgain(making.failed().get(), weights, left, others);
        }
        var plan = planner.plan(newcomer.name(), weights, newcomer.asked(), left);
        if (plan.fits() && others.size() < planner.mostModels(machine.devices())) {
            return blocking(newcomer, weights, plan, left, others)
                    .<Admission>map(Admission.Evict::new)
                    .orElseGet(() -> new Admission.Fits(plan));
        }
        var alone = planner.plan(newcomer.name(), weights, newcomer.asked(), left.after(held(others)));
        return alone.fits() && !others.isEmpty()
                ? evict(others)
                : new Admission.Impossible(refusal(alone, weights, left, others));
    }

    private static boolean isIdle(ModelSlot slot) {
        return slot.state() instanceof Idle;
    }

    private static List<MemoryRequirement> held(List<ModelSlot> slots) {
        return slots.stream().map(ModelSlot::held).toList();
    }

    /** After a load that took more than was planned: without any other model, and smaller if there is a way. */
    private Admission decideAgain(FailedLoad failed, ModelWeights weights, MachineState left, List<ModelSlot> others) {
        if (!others.isEmpty()) {
            return evict(others);
        }
        return planner.smaller(failed.plan(), weights, left)
                .or(() -> Optional.of(failed.plan()).filter(_ -> !failed.alone()))
                .<Admission>map(Admission.Fits::new)
                .orElseGet(() -> new Admission.Impossible(failed.reason()));
    }

    private static Admission evict(List<ModelSlot> others) {
        return new Admission.Evict(others.stream().min(FIRST_TO_GO).orElseThrow());
    }

    /** An idle model that keeps layers of the newcomer from the GPUs. */
    private Optional<ModelSlot> blocking(
            ModelSlot newcomer, ModelWeights weights, LoadPlan plan, MachineState left, List<ModelSlot> others) {
        var idle = others.stream()
                .filter(slot -> isIdle(slot) && slot.deviceBytes() > 0)
                .toList();
        if (idle.isEmpty() || plan.whole()) {
            return Optional.empty();
        }
        var better = planner.plan(newcomer.name(), weights, newcomer.asked(), left.after(held(idle)));
        return better.spec().placement().layers() > plan.spec().placement().layers()
                ? idle.stream().min(FIRST_TO_GO)
                : Optional.empty();
    }

    private InsufficientMemory refusal(LoadPlan plan, ModelWeights weights, MachineState left, List<ModelSlot> others) {
        var need = plan.need();
        var all = left.after(held(others));
        var what = need.host() > all.hostBytes() || need.byDevice().isEmpty()
                ? lack("system", need.host(), left.hostBytes())
                : lack("GPU", need.devices(), left.gpuBytes());
        return new InsufficientMemory(what + planner.advice(plan, weights, all));
    }

    private static String lack(String kind, long needed, long available) {
        return "model requires more %s memory (%s) than is available (%s)"
                .formatted(kind, MemoryRequirement.text(needed), MemoryRequirement.text(available));
    }
}
