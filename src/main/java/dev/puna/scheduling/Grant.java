// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease that gives back once. */
final class Grant implements Lease {
    private final Resident resident;
    private final Engine engine;
    private final LoadedModels models;
    private final AtomicBoolean closed = new AtomicBoolean();

    Grant(Resident resident, Engine engine, LoadedModels models) {
        this.resident = resident;
        this.engine = engine;
        this.models = models;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public void broken() {
        models.retire(resident, "broken");
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            models.release(resident);
        }
    }
}
