// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;
import dev.puna.engine.Loading;
import dev.puna.scheduling.plan.ModelWeights;
import dev.puna.store.InstalledModel;
import java.util.Optional;

/** What there is of a slot outside the state machine: its load and its engine. Any thread. */
final class SlotEngine {
    final InstalledModel model;
    final Loading loading = Loading.create();
    private volatile Optional<ModelWeights> weights = Optional.empty();
    private volatile Optional<Engine> engine = Optional.empty();
    private volatile Optional<InstrumentedEngine> leased = Optional.empty();

    SlotEngine(InstalledModel model) {
        this.model = model;
    }

    String name() {
        return model.name().shortName();
    }

    /** What the model's files say; read at the first call, which takes milliseconds. */
    ModelWeights weights() {
        var known = weights.orElseGet(() -> ModelWeights.read(model));
        weights = Optional.of(known);
        return known;
    }

    /**
     * Takes over the engine that a load has made.
     *
     * @param shown the engine as leases show it
     */
    void took(Engine made, InstrumentedEngine shown) {
        engine = Optional.of(made);
        leased = Optional.of(shown);
    }

    /** The engine as leases show it. */
    Engine leased() {
        return leased.orElseThrow();
    }

    void close() {
        engine.orElseThrow().close();
    }
}
