// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.engine.Engine;
import dev.puna.scheduling.state.SchedulerEvent;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease that is given back once, however often it is closed. */
final class ActiveLease implements Lease {
    private final long slot;
    private final long request;
    private final Engine engine;
    private final SchedulerInbox inbox;
    private final AtomicBoolean closed = new AtomicBoolean();

    ActiveLease(long slot, long request, Engine engine, SchedulerInbox inbox) {
        this.slot = slot;
        this.request = request;
        this.engine = engine;
        this.inbox = inbox;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            inbox.post(new SchedulerEvent.LeaseClosed(slot, request));
        }
    }
}
