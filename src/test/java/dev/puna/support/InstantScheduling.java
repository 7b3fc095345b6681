// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import dev.puna.device.Placement;
import dev.puna.engine.Engine;
import dev.puna.engine.EngineSpec;
import dev.puna.engine.Loading;
import dev.puna.engine.Refusal;
import dev.puna.model.ModelName;
import dev.puna.scheduling.Lease;
import dev.puna.scheduling.LeaseRequest;
import dev.puna.scheduling.RunningModel;
import dev.puna.scheduling.Scheduling;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
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
    private final AtomicInteger closings = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    public InstantScheduling(ScriptedEngineLoader loader) {
        this.loader = loader;
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

    @Override
    public List<Refusal> refusals() {
        return loader.refusals();
    }

    @Override
    public Uni<Lease> lease(LeaseRequest request) {
        return Uni.createFrom().item(() -> {
            requests.add(request);
            return grant(request);
        });
    }

    private Lease grant(LeaseRequest request) {
        var engine = engines.computeIfAbsent(request.model().name(), _ -> loader.load(spec(request), Loading.create()));
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
                TestModelFiles.of(request.model().modelFiles()),
                options.numCtx().orElse(4096),
                8,
                512,
                1,
                Placement.CPU,
                true,
                "f16",
                "auto",
                0);
    }

    @Override
    public List<RunningModel> running() {
        return List.of();
    }

    @Override
    public void expire(ModelName name) {
        expired.add(name);
    }
}
