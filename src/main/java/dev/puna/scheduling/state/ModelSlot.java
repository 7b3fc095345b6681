// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import static java.util.Objects.requireNonNull;

import dev.puna.model.Digest;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.model.RunnerOptions;
import dev.puna.scheduling.plan.LoadPlan;
import dev.puna.scheduling.plan.MemoryRequirement;
import dev.puna.scheduling.state.SlotState.Cancelling;
import dev.puna.scheduling.state.SlotState.Draining;
import dev.puna.scheduling.state.SlotState.Idle;
import dev.puna.scheduling.state.SlotState.InMemory;
import dev.puna.scheduling.state.SlotState.InUse;
import dev.puna.scheduling.state.SlotState.Loading;
import dev.puna.scheduling.state.SlotState.MakingRoom;
import dev.puna.scheduling.state.SlotState.Unloaded;
import dev.puna.scheduling.state.SlotState.Unloading;
import dev.puna.store.InstalledModel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One model in memory, on its way there or on its way out.
 *
 * @param id its number, which no other slot has or had
 * @param key the digests by which requests for the same model know each other
 * @param model which model, as the request named it for which it was loaded
 * @param asked how that request wanted it
 * @param startedAt when that was, in the nanoseconds of the scheduler's clock
 * @param names every name under which it was asked for: two names may share their weights
 * @param keepAlive how long it stays after its last use
 * @param state where it is in its life
 */
public record ModelSlot(
        long id,
        List<Digest> key,
        InstalledModel model,
        RunnerOptions asked,
        long startedAt,
        Set<ModelName> names,
        KeepAlive keepAlive,
        SlotState state) {
    /** Refuses null and copies collections. */
    public ModelSlot {
        key = List.copyOf(key);
        requireNonNull(model, "model is null");
        requireNonNull(asked, "asked is null");
        names = Set.copyOf(names);
        requireNonNull(keepAlive, "keepAlive is null");
        requireNonNull(state, "state is null");
    }

    /**
     * A new slot, which makes room for the request at the head of the queue.
     *
     * @param failed by what plan the model needed more memory than there was, if that is known
     */
    static ModelSlot begin(long id, QueuedRequest first, Optional<FailedLoad> failed, KeepAlive keepAlive, long now) {
        // The model may be unloaded by name before anybody has a lease, so its name counts from the beginning.
        return new ModelSlot(
                id,
                first.key(),
                first.model(),
                first.options(),
                now,
                Set.of(first.model().name()),
                keepAlive,
                new MakingRoom(List.of(first), failed, SlotState.Measurement.RUNNING));
    }

    ModelSlot with(SlotState newState) {
        return new ModelSlot(id, key, model, asked, startedAt, names, keepAlive, newState);
    }

    ModelSlot with(KeepAlive newKeepAlive) {
        return new ModelSlot(id, key, model, asked, startedAt, names, newKeepAlive, state);
    }

    ModelSlot with(ModelName name) {
        if (names.contains(name)) {
            return this;
        }
        var more = new LinkedHashSet<>(names);
        more.add(name);
        return new ModelSlot(id, key, model, asked, startedAt, more, keepAlive, state);
    }

    /** The model's name as messages have it. */
    public String name() {
        return model.name().shortName();
    }

    boolean isCalled(ModelName name) {
        return names.stream().anyMatch(known -> known.sameAs(name));
    }

    /** Whether a request can use the model as it is loaded, or will be. */
    boolean fits(QueuedRequest request) {
        return key.equals(request.key())
                && state.plan()
                        .map(known -> known.serves(request.options()))
                        .orElseGet(() -> LoadPlan.sameLoad(asked, request.options()));
    }

    /** Whether it lends its model to whoever comes, now or when it is in memory. */
    boolean givesLeases() {
        return switch (state) {
            case MakingRoom _, Loading _, Idle _, InUse _ -> true;
            case Cancelling _, Draining _, Unloading _, Unloaded _ -> false;
        };
    }

    Optional<LoadedEngine> loaded() {
        return state instanceof InMemory memory ? Optional.of(memory.loaded()) : Optional.empty();
    }

    /** Bytes that the model holds, or is expected to hold. */
    public long bytes() {
        return loaded().map(engine -> engine.memory().total())
                .orElseGet(() -> state.plan().map(plan -> plan.need().total()).orElse(0L));
    }

    /** Bytes as users are told: those on GPUs alone, if every layer is there. Clients tell by the two whether all of it is. */
    public long shownBytes() {
        return state.plan().filter(LoadPlan::whole).isPresent() ? deviceBytes() : bytes();
    }

    /** Bytes of those that lie on GPUs. */
    public long deviceBytes() {
        return loaded().map(engine -> engine.memory().onDevices())
                .orElseGet(() -> state.plan().map(plan -> plan.need().devices()).orElse(0L));
    }

    /** What others could have if it were gone: the system's memory as it is held, and each GPU's as it was planned. */
    MemoryRequirement held() {
        return new MemoryRequirement(
                bytes() - deviceBytes(),
                state.plan().map(plan -> plan.need().byDevice()).orElse(Map.of()));
    }

    /** Tokens one sequence may hold, as far as that is known. */
    public int contextLength() {
        return loaded().map(LoadedEngine::contextLength).orElseGet(() -> state.plan()
                .map(plan -> plan.spec().contextLength())
                .orElseGet(() -> asked.numCtx().orElse(0)));
    }
}
