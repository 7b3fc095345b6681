// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling;

import dev.puna.scheduling.plan.HostMemory;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What the scheduler knows of the machine; a test brings its own.
 *
 * @param clock time
 * @param freeMemory bytes that the system can give
 * @param deliveries runs what callers do with their leases, never on the thread that hands one over
 * @param threads those that load and unload, which blocks for seconds
 */
record SchedulerEnvironment(SchedulerClock clock, LongSupplier freeMemory, Executor deliveries, Threads threads) {

    /** The machine as it is. */
    static SchedulerEnvironment real() {
        return new SchedulerEnvironment(
                new SystemClock(),
                HostMemory.ofThisMachine()::available,
                Thread::startVirtualThread,
                Threads.OF_THIS_MACHINE);
    }

    /** Starts threads. */
    @FunctionalInterface
    interface Threads {
        Threads OF_THIS_MACHINE =
                (name, work) -> Thread.ofPlatform().daemon().name(name).start(work);

        /**
         * Runs something on a thread of its own.
         *
         * @throws OutOfMemoryError if this process may have no more threads
         */
        void start(String name, Runnable work);
    }
}
