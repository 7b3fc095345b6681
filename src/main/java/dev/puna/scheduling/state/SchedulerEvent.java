// SPDX-License-Identifier: Apache-2.0
package dev.puna.scheduling.state;

import dev.puna.engine.EngineMemory;
import dev.puna.failure.Failure;
import dev.puna.failure.InsufficientMemory;
import dev.puna.model.ModelName;
import dev.puna.scheduling.plan.MachineState;
import dev.puna.scheduling.plan.ModelWeights;

/** What happens to the scheduler. What concerns a slot or a request that is no more changes nothing. */
public sealed interface SchedulerEvent {

    /** Somebody asks for a lease. */
    record Requested(QueuedRequest request) implements SchedulerEvent {}

    /** A request leaves before it has its lease. */
    record RequestCancelled(long request) implements SchedulerEvent {}

    /** The lease of a slot that a request had was closed. */
    record LeaseClosed(long slot, long request) implements SchedulerEvent {}

    /** A slot's engine cannot go on. */
    record Retired(long slot, String reason) implements SchedulerEvent {}

    /** Somebody wants a model gone as soon as nobody uses it. */
    record Expired(ModelName name) implements SchedulerEvent {}

    /** The answer to {@link Effect.Measure}. */
    record Measured(long slot, ModelWeights weights, MachineState machine) implements SchedulerEvent {}

    /** {@link Effect.Load} has made an engine. */
    record Loaded(long slot, EngineMemory memory, int contextLength) implements SchedulerEvent {}

    /** {@link Effect.Load} took more memory than there was. */
    record MemoryExhausted(long slot, InsufficientMemory reason) implements SchedulerEvent {}

    /** A slot's engine ran out of memory while it computed, and cannot go on. */
    record ComputingExhausted(long slot, InsufficientMemory reason) implements SchedulerEvent {}

    /** {@link Effect.Measure} or {@link Effect.Load} failed, or has stopped because it was cancelled. */
    record LoadFailed(long slot, Failure failure) implements SchedulerEvent {}

    /** The answer to {@link Effect.AskProgress}, from 0 to 1. */
    record Progressed(long slot, double fraction) implements SchedulerEvent {}

    /** {@link Effect.Unload} is done, well or not. */
    record Unloaded(long slot) implements SchedulerEvent {}

    /** The moment has come at which a step asked to be woken. */
    record Woken() implements SchedulerEvent {}

    /** The server stops: no new work, open leases get their grace. */
    record StopRequested() implements SchedulerEvent {}

    /** The grace is over: everything is unloaded, used or not. */
    record GraceEnded() implements SchedulerEvent {}
}
