// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease that gives back once. */
final class ActiveLease implements Lease {
    private final ModelSlot resident;
    private final Engine engine;
    private final ModelScheduler models;
    private final AtomicBoolean closed = new AtomicBoolean();

    ActiveLease(ModelSlot resident, Engine engine, ModelScheduler models) {
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
