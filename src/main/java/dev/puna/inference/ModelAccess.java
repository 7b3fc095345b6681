// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import dev.puna.caller.Callers;
import dev.puna.caller.Work;
import dev.puna.engine.Engine;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.inference.capability.ModelCapabilities;
import dev.puna.model.KeepAlive;
import dev.puna.model.ModelOptions;
import dev.puna.scheduling.LeaseRequest;
import dev.puna.scheduling.LeaseScope;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How every request gets at its model: found by name, known by what it can do, leased for the work. Any thread. */
@Singleton
public final class ModelAccess {
    private final ModelLookup models;
    private final CapabilityResolver capabilities;
    private final Scheduling scheduling;
    private final Callers callers;

    /**
     * Models of the store, run by the scheduling.
     *
     * @param callers for whom a thread works that asks for a lease
     */
    public ModelAccess(ModelStore store, CapabilityResolver capabilities, Scheduling scheduling, Callers callers) {
        this.models = new ModelLookup(store);
        this.capabilities = capabilities;
        this.scheduling = scheduling;
        this.callers = callers;
    }

    InstalledModel find(ModelReference reference) {
        return models.find(reference);
    }

    ModelCapabilities capabilities(InstalledModel model) {
        return capabilities.of(model);
    }

    /** The options of a request, with those below them that the makers of the weights recommend. */
    ModelOptions tuned(InstalledModel model, Map<String, @Nullable Object> sent) {
        return RequestOptions.merge(capabilities.sampling(model), model, sent);
    }

    void unload(InstalledModel model) {
        scheduling.expire(model.name());
    }

    /**
     * What has to be in memory for the caller whose request this thread handles; how long it stays where the request does not
     * say is up to the scheduling.
     */
    LeaseRequest lease(Work work, InstalledModel model, ModelOptions options, Optional<KeepAlive> keepAlive) {
        return new LeaseRequest(work, callers.current(), model, options.runner(), keepAlive);
    }

    /** Has the model in memory, and no more. */
    Uni<Void> loaded(LeaseRequest lease) {
        return LeaseScope.once(scheduling.lease(lease), _ -> Uni.createFrom().voidItem());
    }

    /** One thing done by the model; the clock is told when it is in memory. */
    <T> Uni<T> once(LeaseRequest lease, RequestClock clock, Function<Engine, Uni<T>> work) {
        return LeaseScope.once(scheduling.lease(lease), granted -> {
            clock.loaded();
            return work.apply(granted.engine());
        });
    }

    /** The same for what comes piece by piece. */
    <T> Multi<T> stream(LeaseRequest lease, RequestClock clock, Function<Engine, Multi<T>> work) {
        return LeaseScope.stream(scheduling.lease(lease), granted -> {
            clock.loaded();
            return work.apply(granted.engine());
        });
    }
}
