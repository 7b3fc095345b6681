// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.failure.Failure;
import dev.puna.model.ModelName;
import dev.puna.scheduling.Lease;
import dev.puna.scheduling.LeaseRequest;
import dev.puna.scheduling.RunningModel;
import dev.puna.scheduling.Scheduling;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Grants every lease at once with a scripted engine of its own for each model, and counts what comes back.
 *
 * <p>Stands in for the real scheduling where only the edge is under test. Any thread.
 */
public final class InstantScheduling implements Scheduling {
    private final ScriptedEngineLoader loader;
    private final Map<ModelName, Engine> engines = new ConcurrentHashMap<>();
    private final List<LeaseRequest> requests = new CopyOnWriteArrayList<>();
    private final List<ModelName> expired = new CopyOnWriteArrayList<>();
    private final List<UniEmitter<? super Lease>> held = new CopyOnWriteArrayList<>();
    private final AtomicInteger closings = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private volatile List<RunningModel> running = List.of();
    private volatile Optional<Failure> refusal = Optional.empty();
    private volatile boolean holding;

    public InstantScheduling(ScriptedEngineLoader loader) {
        this.loader = loader;
    }

    /** Forgets everything, as if nothing had been asked yet. */
    public void reset() {
        engines.clear();
        requests.clear();
        expired.clear();
        held.clear();
        closings.set(0);
        open.set(0);
        abandoned.set(0);
        running = List.of();
        refusal = Optional.empty();
        holding = false;
    }

    /** Every lease fails from now on. */
    public void refuses(Failure failure) {
        refusal = Optional.of(failure);
    }

    /** Every lease waits for ever from now on. */
    public void holdsLeasesBack() {
        holding = true;
    }

    /** What {@link #running} says from now on. */
    public void runs(RunningModel... models) {
        running = List.of(models);
    }

    /** Everything that was asked for. */
    public List<LeaseRequest> requests() {
        return requests;
    }

    public List<ModelName> expired() {
        return expired;
    }

    /** Leases that are not closed yet. */
    public int open() {
        return open.get();
    }

    /** How often a lease was closed. */
    public int closings() {
        return closings.get();
    }

    /** Waits that were given up. */
    public int abandoned() {
        return abandoned.get();
    }

    @Override
    public Uni<Lease> lease(LeaseRequest request) {
        return Uni.createFrom().<Lease>emitter(emitter -> {
            requests.add(request);
            if (holding) {
                emitter.onTermination(abandoned::incrementAndGet);
                held.add(emitter);
            } else if (refusal.isPresent()) {
                emitter.fail(refusal.get());
            } else {
                emitter.complete(grant(request));
            }
        });
    }

    private Lease grant(LeaseRequest request) {
        var engine = engines.computeIfAbsent(request.model().name(), _ -> loader.load(spec(request), new Loading()));
        open.incrementAndGet();
        return new Lease() {
            @Override
            public Engine engine() {
                return engine;
            }

            @Override
            public void close() {
                closings.incrementAndGet();
                open.decrementAndGet();
            }
        };
    }

    private static EngineSpec spec(LeaseRequest request) {
        var options = request.options();
        return new EngineSpec(
                request.model().name().shortName(),
                new ArrayList<>(request.model().modelFiles()),
                options.numCtx().orElse(4096),
                8,
                512,
                1,
                options.numGpu(),
                options.mainGpu(),
                true,
                "f16",
                "auto");
    }

    @Override
    public List<RunningModel> running() {
        return running;
    }

    @Override
    public void expire(ModelName name) {
        expired.add(name);
    }
}
