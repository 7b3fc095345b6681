// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;
import dev.puna.engine.EngineMemory;
import dev.puna.engine.Loading;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelName;
import dev.puna.model.RunnerOptions;
import dev.puna.store.InstalledModel;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One model in memory, on its way there or on its way out. Every field that changes is guarded by the scheduler's lock. */
final class ModelSlot {
    /** Where a model is in its life; it only goes forward. */
    enum Phase {
        LOADING,
        READY,
        UNLOADING
    }

    /** When nothing is due. */
    static final long NEVER = Long.MAX_VALUE;

    final List<Path> key;
    final InstalledModel model;
    final RunnerOptions asked;
    final Loading loading = Loading.create();
    final long startedAt;

    /** Every name under which it was asked for: two names may share their weights. */
    final Set<ModelName> names = new LinkedHashSet<>();

    /** Those for whom it is being loaded, in the order they came. */
    final Set<PendingRequest> waiters = new LinkedHashSet<>();

    Phase phase = Phase.LOADING;
    Optional<LoadPlan> plan = Optional.empty();
    Optional<Engine> engine = Optional.empty();

    /** The engine as leases show it. */
    Optional<InstrumentedEngine> leased = Optional.empty();

    KeepAlive keepAlive;
    int leases;

    /** Nobody waits for the load any more. */
    boolean givenUp;

    /** The last load that failed for want of memory: it is tried again, alone and smaller. */
    Optional<FailedLoad> failed = Optional.empty();

    /** Gives no more leases, and goes when the last one is closed. */
    boolean retired;

    /** When it is to be looked at again: idle for long enough, or standing still while it loads. */
    long dueAt = NEVER;

    /** How far the load was when it last moved, and when that was. */
    double progress;

    long progressAt;

    ModelSlot(PendingRequest first, KeepAlive keepAlive, long now) {
        this.key = first.key();
        this.model = first.request().model();
        this.asked = first.options();
        this.keepAlive = keepAlive;
        this.startedAt = now;
        // Whoever wants it gone may say so before anybody has it.
        names.add(model.name());
    }

    String name() {
        return model.name().shortName();
    }

    boolean isIdle() {
        return phase == Phase.READY && leases == 0;
    }

    /** Whether a request can use this as it is loaded, or as it will be. */
    boolean serves(PendingRequest waiter) {
        var options = waiter.options();
        return phase != Phase.UNLOADING
                && !retired
                && !givenUp
                && key.equals(waiter.key())
                && plan.map(known -> known.serves(options)).orElseGet(() -> LoadPlan.sameLoad(asked, options));
    }

    /** Bytes it holds, or is expected to. */
    long bytes() {
        return engine.map(loaded -> loaded.memory().total())
                .orElseGet(() -> plan.map(known -> known.need().total()).orElse(0L));
    }

    /** Bytes as users are told: those on GPUs alone, if every layer is there. Clients tell by the two whether all of it is. */
    long shownBytes() {
        return plan.filter(LoadPlan::whole).isPresent() ? deviceBytes() : bytes();
    }

    /** Bytes of those that lie on GPUs. */
    long deviceBytes() {
        return engine.map(loaded -> loaded.memory().onDevices())
                .orElseGet(() -> plan.map(known -> known.need().devices()).orElse(0L));
    }

    /** Bytes on each GPU, by its name, as they were planned. */
    Map<String, Long> bytesByDevice() {
        return plan.map(known -> known.need().byDevice()).orElse(Map.of());
    }

    /** For the log: how it was planned, and what it takes, in bytes. */
    String sizes(EngineMemory real) {
        return plan.map(known ->
                        "context=%d sequences=%d gpu_layers=%d planned=%d memory=%d planned_gpu=%d memory_gpu=%d"
                                .formatted(
                                        known.spec().contextLength(),
                                        known.spec().sequences(),
                                        known.spec().placement().layers(),
                                        known.need().total(),
                                        real.total(),
                                        known.need().devices(),
                                        real.onDevices()))
                .orElse("");
    }

    /** Tokens one sequence may hold, as far as that is known. */
    int contextLength() {
        return engine.map(loaded -> loaded.facts().contextLength())
                .orElseGet(() -> plan.map(known -> known.spec().contextLength())
                        .orElseGet(() -> asked.numCtx().orElse(0)));
    }

    /** Bytes of weights that count as the system's free memory because they are pages of a file. */
    long mappedBytes() {
        var mapped = plan.filter(known -> known.spec().memoryMap()).isPresent();
        return engine.filter(_ -> mapped)
                .map(loaded ->
                        Math.max(0, loaded.memory().weights() - loaded.memory().onDevices()))
                .orElse(0L);
    }
}
